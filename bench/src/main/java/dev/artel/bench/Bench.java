package dev.artel.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/// `./dev bench [NAME] [OPTION…]`: runs one program and ends with 1 when a threshold was broken.
public final class Bench {
  private static final String USAGE =
      """
      Usage: ./dev bench NAME [OPTION…]

        stream   idle readers, one event to many, events a second, resuming; beside bare sockets;
                 or some of it: idle, fan, rates, resume
        direct   what a direct turn adds to a model of fixed latency; beside a bare handler
        auth     checking a token and handing the caller to a handler; beside the bare signature
        read     an authenticated list of sessions; beside the same handler without the edge
        start    process start to the first answer; beside a bare Spring Boot application
        http     the product on Jetty and on Tomcat, streams included
        json     what making and reading JSON takes of the processor's time
        check    every promise about speed, each with whether it holds; exit code 1 when one does not

        --quick    small sizes and short runs: shows that a program works, not what it measures
        --check    stream, direct: only what is promised; exit code 1 when it does not hold
        --profile  keeps a flight recording of the product under bench/target/run
      """;

  private static final Map<String, Program> PROGRAMS = new LinkedHashMap<>();

  static {
    PROGRAMS.put("stream", new StreamBench());
    PROGRAMS.put("direct", new DirectBench());
    PROGRAMS.put("auth", new AuthBench());
    PROGRAMS.put("read", new ReadBench());
    PROGRAMS.put("start", new StartBench());
    PROGRAMS.put("http", new HttpBench());
    PROGRAMS.put("json", new JsonBench());
    PROGRAMS.put("check", Bench::check);
  }

  /// What can be measured.
  interface Program {
    /// Prints its tables.
    ///
    /// @return whether every threshold held
    boolean run(Place place, Options options) throws Exception;
  }

  private Bench() {}

  private static boolean check(Place place, Options options) throws Exception {
    Options promised = options.checking();
    boolean held = true;
    for (Program program : List.of(new StreamBench(), new DirectBench(), new AuthBench())) {
      held &= program.run(place, promised);
    }
    return held;
  }

  public static void main(String[] arguments) throws Exception {
    List<String> words = List.of(arguments);
    Program program = words.isEmpty() ? null : PROGRAMS.get(words.getFirst());
    if (program == null) {
      System.out.print(USAGE);
      System.exit(words.isEmpty() ? 0 : 2);
      return;
    }
    Options options = Options.of(words.getFirst(), words.subList(1, words.size()));
    LoggingSystem.get(Bench.class.getClassLoader()).setLogLevel("ROOT", LogLevel.WARN);
    Place place = Place.find();
    System.out.println(place.machine());
    boolean held;
    try {
      held = program.run(place, options);
    } finally {
      System.out.println("load average at the end: " + Place.load());
    }
    System.exit(held ? 0 : 1);
  }
}
