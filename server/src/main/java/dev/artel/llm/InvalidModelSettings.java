package dev.artel.llm;

/// A setting about models that cannot be used. The message names the `ARTEL_` setting and what it
/// must look like, never the value of a key.
public final class InvalidModelSettings extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  InvalidModelSettings(String setting, String problem) {
    super("ARTEL_" + setting + " " + problem);
  }
}
