package dev.pawl.run;

/// Children that a branch waits for: the branches of a fork, or those of a call, map or parallel.
///
/// @param node the node that opened it
/// @param visit the visit that opened it; part of the children's names
/// @param join where the branches of a fork meet; -1 for other blocks
/// @param total how many children there are
/// @param started how many of them have started
/// @param done how many succeeded
/// @param failed how many gave up
/// @param needed how many must succeed
public record Block(
    int node, int visit, int join, int total, int started, int done, int failed, int needed) {
  boolean isFork() {
    return join >= 0;
  }

  Block withStarted(int more) {
    return new Block(node, visit, join, total, started + more, done, failed, needed);
  }

  Block withDone() {
    return new Block(node, visit, join, total, started, done + 1, failed, needed);
  }

  Block withFailed() {
    return new Block(node, visit, join, total, started, done, failed + 1, needed);
  }

  /// The children can no longer reach what is needed.
  boolean lost() {
    return failed > total - needed;
  }

  /// Nothing is left to wait for.
  boolean settled() {
    return isFork() ? done >= needed : done + failed >= total;
  }

  /// The name of a child.
  public String child(String parent, int index) {
    return parent + "/" + visit + "." + index;
  }
}
