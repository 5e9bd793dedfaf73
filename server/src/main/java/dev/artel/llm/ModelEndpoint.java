package dev.artel.llm;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/// One entry of `ARTEL_MODEL_ENDPOINTS`: an OpenAI-compatible server with a name, and the key that
/// goes to it and nowhere else.
public record ModelEndpoint(String name, URI url, @Nullable ApiKey key) {}
