package dev.artel.acceptance;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Says that a test proves an item of docs/acceptance.md: taking the behaviour out of the product
/// makes this test fail. An item may need several tests; it is claimed only when together they
/// prove the whole of it.
@Documented
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Accepts {
  /// Ids of the items, such as `S2.1`.
  String[] value();
}
