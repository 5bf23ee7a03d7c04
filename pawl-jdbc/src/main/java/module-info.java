/// Stores over JDBC.
module dev.pawl.jdbc {
  requires transitive dev.pawl.core;
  requires java.sql;
  requires org.xerial.sqlitejdbc;
  requires static org.jspecify;

  exports dev.pawl.jdbc;

  provides dev.pawl.store.StoreProvider with
      dev.pawl.jdbc.SqliteProvider;
}
