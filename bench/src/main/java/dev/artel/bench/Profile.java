package dev.artel.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/// Where a process spent its processor time, as its flight recording says.
final class Profile {
  /// What makes a JVM keep one: a sample for every 10 ms that a thread computed, in native code
  /// too.
  static String flag(Path file) {
    return "-XX:StartFlightRecording=settings=profile,jdk.CPUTimeSample#enabled=true,"
        + "jdk.CPUTimeSample#throttle=10ms,dumponexit=true,filename="
        + file;
  }

  private final List<List<String>> stacks;

  private Profile(List<List<String>> stacks) {
    this.stacks = stacks;
  }

  static Profile between(Path file, Instant from, Instant to) throws IOException {
    var stacks = new java.util.ArrayList<List<String>>();
    try (var recording = new RecordingFile(file)) {
      while (recording.hasMoreEvents()) {
        RecordedEvent event = recording.readEvent();
        if (event.getEventType().getName().equals("jdk.CPUTimeSample")
            && event.getStartTime().isAfter(from)
            && event.getStartTime().isBefore(to)) {
          stacks.add(frames(event.getStackTrace()));
        }
      }
    }
    return new Profile(stacks);
  }

  private static List<String> frames(@org.jspecify.annotations.Nullable RecordedStackTrace trace) {
    return trace == null ? List.of() : trace.getFrames().stream().map(Profile::name).toList();
  }

  private static String name(RecordedFrame frame) {
    RecordedClass type = frame.getMethod().getType();
    return (type == null ? "?" : type.getName()) + "." + frame.getMethod().getName();
  }

  int samples() {
    return stacks.size();
  }

  /// The share of samples in which such a method was at work, itself or through what it called.
  double share(Predicate<String> method) {
    long hits = stacks.stream().filter(stack -> stack.stream().anyMatch(method)).count();
    return (double) hits / Math.max(1, stacks.size());
  }

  /// The methods that computed themselves most, each with its share.
  List<Map.Entry<String, Double>> hottest(int count) {
    Map<String, Integer> own = new HashMap<>();
    stacks.forEach(
        stack -> own.merge(stack.isEmpty() ? "not known" : stack.getFirst(), 1, Integer::sum));
    return own.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(count)
        .map(method -> Map.entry(method.getKey(), (double) method.getValue() / stacks.size()))
        .toList();
  }
}
