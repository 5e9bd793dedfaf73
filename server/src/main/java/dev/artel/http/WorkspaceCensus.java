package dev.artel.http;

/// How many live worker spaces this process holds, and how they are: counts alone, for `/health`.
public interface WorkspaceCensus {
  Counts counts();

  record Counts(int active, int healthy, int degraded, int unhealthy) {
    public static final Counts NONE = new Counts(0, 0, 0, 0);
  }
}
