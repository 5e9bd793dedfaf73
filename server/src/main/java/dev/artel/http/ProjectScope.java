package dev.artel.http;

import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;

/// A project that was checked to be the caller's: the proof that a route needs before it touches
/// anything inside. Filled by the package project from the path, or from the caller's default
/// project on flat paths.
public record ProjectScope(UserId user, ProjectId project) {}
