/// What the code of users is written with: steps, folds, their context, and the policies they run
/// under. May import `java.*` only. Start reading at [Step] and [StepContext].
@NullMarked
package dev.pawl.workflow.step;

import org.jspecify.annotations.NullMarked;
