/// The engine and all it stands on. `dev.pawl.run` stays inside.
module dev.pawl.core {
  requires org.slf4j;
  requires static org.jspecify;
}
