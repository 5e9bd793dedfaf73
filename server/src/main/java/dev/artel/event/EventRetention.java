package dev.artel.event;

/// How long events are kept.
///
/// @param days 0: for ever
public record EventRetention(int days) {}
