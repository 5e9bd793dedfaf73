/// The edge library: what every request passes (ids, limits, headers, errors) and the values that
/// routes take (`Caller`, `ProjectScope`, `Paging`). Never knows a feature or decides for one; the
/// only package that knows HTTP status codes. Every `…Routes` uses it.
@NullMarked
package dev.artel.http;

import org.jspecify.annotations.NullMarked;
