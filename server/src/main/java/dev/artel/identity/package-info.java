/// Owns the people: tokens and their revocation, sign-in, roles, the users' rows; turns a request
/// into a `Caller` before anything else looks at it. Never reads an owner from anywhere but a
/// verified token, and never logs or stores a token. Called by the servlet container, and by boot
/// for the first sign-in.
@NullMarked
package dev.artel.identity;

import org.jspecify.annotations.NullMarked;
