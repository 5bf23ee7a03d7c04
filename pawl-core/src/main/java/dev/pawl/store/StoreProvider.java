package dev.pawl.store;

import java.nio.file.Path;

/// Opens stores of one kind; found by `ServiceLoader`, so that the core knows no database.
public interface StoreProvider {
  /// The kind of store: `sqlite`.
  String kind();

  /// Opens a store, and makes it where there is none.
  ///
  /// @throws StoreException if it cannot be used; the message says why
  Store open(Path file);
}
