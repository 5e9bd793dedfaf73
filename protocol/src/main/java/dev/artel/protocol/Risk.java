package dev.artel.protocol;

/// How much can go wrong. Spelled in upper case everywhere.
public enum Risk {
  LOW,
  MEDIUM,
  HIGH
}
