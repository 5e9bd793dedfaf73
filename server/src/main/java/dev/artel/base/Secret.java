package dev.artel.base;

/// A key, token or password of Artel's own. It prints as asterisks, so that no log, error or
/// `toString` of a surrounding record can show it.
public record Secret(String value) {
  @Override
  public String toString() {
    return "***";
  }
}
