/// The engine and all it stands on. Packages that are not named stay inside.
module dev.pawl.core {
  requires org.slf4j;
  requires static org.jspecify;

  exports dev.pawl.workflow;
  exports dev.pawl.workflow.step;
  exports dev.pawl.workflow.model;
  exports dev.pawl.store;
  exports dev.pawl.stream;
  exports dev.pawl.engine;
  exports dev.pawl.engine.schedule;
  exports dev.pawl.engine.turns;
  exports dev.pawl.connect;

  uses dev.pawl.engine.schedule.TimetableReader;
  uses dev.pawl.store.Codec;
  uses dev.pawl.store.StoreProvider;
}
