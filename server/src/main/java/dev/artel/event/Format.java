package dev.artel.event;

/// How a stream is framed; ids and JSON are the same in both.
public enum Format {
  NDJSON("application/x-ndjson"),
  SSE("text/event-stream");

  private final String mediaType;

  Format(String mediaType) {
    this.mediaType = mediaType;
  }

  public String mediaType() {
    return mediaType;
  }
}
