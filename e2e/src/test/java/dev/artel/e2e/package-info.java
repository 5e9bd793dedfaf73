/// The packaged service as a person meets it: a process, a port, a browser. Uses nothing of the
/// server's code. Run by the build after the server's jar is made.
@NullMarked
package dev.artel.e2e;

import org.jspecify.annotations.NullMarked;
