/// Owns projects: their names, the default one of each user, and the proof that a project is the
/// caller's. Never knows what is inside a project; that is brought by those who implement
/// `Furnishing`. Called by every route that works within a project.
@NullMarked
package dev.artel.project;

import org.jspecify.annotations.NullMarked;
