/// Tests of chat: through HTTP, over a model provider that answers from a script.
@NullMarked
package dev.artel.chat;

import org.jspecify.annotations.NullMarked;
