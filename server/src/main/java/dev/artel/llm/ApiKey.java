package dev.artel.llm;

/// A provider's secret key. It prints as asterisks, so that no log, error or `toString` of a
/// surrounding record can show it.
public record ApiKey(String value) {
  public ApiKey {
    value = value.strip();
    // Only visible ASCII may stand in a header; anything else would fail later with the key in the
    // exception's message.
    if (value.isEmpty() || !value.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
      throw new IllegalArgumentException("a key is one word of printable ASCII characters");
    }
  }

  @Override
  public String toString() {
    return "***";
  }
}
