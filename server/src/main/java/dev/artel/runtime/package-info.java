/// Owns the run of an agent: what the model is asked, how its answer grows, what is stored at its
/// end. Never claims work, keeps no conversation and knows no HTTP. The bus hands it tasks; chat
/// lends it the conversation.
@NullMarked
package dev.artel.runtime;

import org.jspecify.annotations.NullMarked;
