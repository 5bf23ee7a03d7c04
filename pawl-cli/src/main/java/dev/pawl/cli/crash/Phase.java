package dev.pawl.cli.crash;

/// What a kill cut, as the files tell afterwards. Orders run side by side, so one kill cuts many of
/// them: it counts under the first phase here that fits.
enum Phase {
  /// No run was stored: the store was being made, or the first runs were being started.
  SCHEMA("schema"),
  /// There were open runs, and the process had committed nothing of its own.
  RECOVERY("recovery"),
  /// The bank had booked a charge whose receipt the store has not.
  AFTER_BOOKING("afterBooking"),
  /// A run was open that the bank knows nothing of.
  BEFORE_BOOKING("beforeBooking"),
  /// All open runs had their receipts, or none was open.
  ENDING("ending");

  /// Its name in reports.
  final String label;

  Phase(String label) {
    this.label = label;
  }
}
