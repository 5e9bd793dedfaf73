package dev.artel.llm;

/// One message of a conversation with a model. Closed, so that a new kind (calls of tools and their
/// results) must be mapped for every provider before it compiles.
public sealed interface ModelMessage {
  String text();

  record User(String text) implements ModelMessage {}

  record Assistant(String text) implements ModelMessage {}
}
