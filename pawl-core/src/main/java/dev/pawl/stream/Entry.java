package dev.pawl.stream;

/// An event at its place in a source.
///
/// @param position the place, as the source writes it; means nothing to anybody else
/// @param event the event
public record Entry(String position, Event event) {}
