package dev.artel.llm;

/// Tokens of one answer in our terms, whatever the provider's: `in` includes `cached`, `out`
/// includes thinking.
record TokenCounts(long in, long out, long cached) {
  TokenCounts {
    in = Math.max(0, in);
    out = Math.max(0, out);
    cached = Math.clamp(cached, 0, in);
  }
}
