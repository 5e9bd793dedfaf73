/// Measures the service from outside: each program starts the packaged product and the least that
/// does the same, loads both in the same minutes, and prints what each costs and the ratio. Never
/// part of the product, and nothing of the product knows it. Started by `./dev bench`.
@NullMarked
package dev.artel.bench;

import org.jspecify.annotations.NullMarked;
