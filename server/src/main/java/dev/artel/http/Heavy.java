package dev.artel.http;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// A route that costs much: few calls a minute for each user, in a bucket of its own.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Heavy {
  /// The bucket's name; routes of the same name share it.
  String bucket();

  int perMinute() default 20;
}
