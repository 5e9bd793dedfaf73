/// What tests share: real databases, a scripted model, a clock in the test's hands.
@NullMarked
package dev.artel.testing;

import org.jspecify.annotations.NullMarked;
