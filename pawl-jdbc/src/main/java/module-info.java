/// The durable store on SQLite.
module dev.pawl.jdbc {
  requires transitive dev.pawl.core;
  requires dev.pawl.jackson;
  requires java.sql;
  requires org.xerial.sqlitejdbc;
  requires static org.jspecify;
}
