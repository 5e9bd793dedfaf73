package dev.artel.http;

/// The order of the rings around the routes, outermost first. A filter of another package takes its
/// place from here.
public final class EdgeOrder {
  static final int REQUEST = -500;
  static final int GATE = -400;
  static final int LIMIT_BY_ADDRESS = -300;

  /// Identity: finds the caller, or answers 401.
  public static final int IDENTITY = 0;

  static final int LIMIT_BY_USER = 100;
  static final int REPEATS = 200;

  private EdgeOrder() {}
}
