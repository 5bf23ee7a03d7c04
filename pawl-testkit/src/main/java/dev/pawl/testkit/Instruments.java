package dev.pawl.testkit;

import dev.pawl.testkit.Attempts.Place;
import dev.pawl.workflow.model.Definition;
import dev.pawl.workflow.model.Exits;
import dev.pawl.workflow.model.NodeModel;
import dev.pawl.workflow.model.Work;
import dev.pawl.workflow.step.Outcome;
import dev.pawl.workflow.step.Step;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;

/// Puts [Attempts] around the code of a definition, and of those nested in it. The shape stays.
@SuppressWarnings("unchecked") // what a fold gives is what the fold within it gave
final class Instruments {
  private final Definition<?> outer;
  private final Attempts attempts;

  private Instruments(Definition<?> outer, Attempts attempts) {
    this.outer = outer;
    this.attempts = attempts;
  }

  /// The definition of a workflow with watched code.
  static <S> Definition<S> around(Definition<S> definition, Attempts attempts) {
    return new Instruments(definition, attempts).around(definition, "");
  }

  private <S> Definition<S> around(Definition<S> definition, String prefix) {
    var nodes = definition.nodes().stream().map(node -> around(node, definition, prefix)).toList();
    return new Definition<>(
        definition.name(),
        definition.version(),
        definition.state(),
        definition.result(),
        definition.start(),
        nodes,
        definition.merge(),
        definition.perRun());
  }

  private <S> NodeModel<S> around(NodeModel<S> node, Definition<S> scope, String prefix) {
    var place = new Place(outer.name(), outer.version(), prefix + node.name());
    return new NodeModel<>(
        node.index(),
        node.name(),
        around(node.work(), place, scope.result()),
        node.policy(),
        node.pure(),
        around(node.exits(), place, scope.result()),
        node.compensation(),
        node.unhandled());
  }

  private <S> Work<S> around(Work<S> work, Place place, Type type) {
    return switch (work) {
      case Work.Run<S> run -> new Work.Run<>(around(run.step(), place, type));
      case Work.Choose<S, ?> choose -> around(choose, place, type);
      case Work.Delay<S> delay ->
          new Work.Delay<>(
              delay.until(),
              Optional.of(around(delay.then().orElse((state, ctx) -> state), place, type)));
      case Work.Await<S> await -> around(await, place, type);
      case Work.Child<S, ?> child -> around(child, place, type);
      case Work.Call<S, ?> call -> around(call, place, type);
      case Work.Each<S, ?, ?> each -> around(each, place, type);
      case Work.Parallel<S> parallel -> around(parallel, place, type);
      case Work.Meet<S> meet -> meet;
      case Work.End<S> end -> end;
    };
  }

  private <S> Step<S, S> around(Step<S, S> step, Place place, Type type) {
    return (state, ctx) ->
        attempts.run(place, ctx, state, () -> step.run(state, ctx), after -> after, type);
  }

  private <S, P extends Enum<P>> Work<S> around(Work.Choose<S, P> choose, Place place, Type type) {
    return new Work.Choose<>(
        choose.ports(),
        (state, ctx) ->
            attempts.run(
                place, ctx, state, () -> choose.step().run(state, ctx), Outcome::state, type));
  }

  private <S> Work<S> around(Work.Await<S> await, Place place, Type type) {
    return new Work.Await<>(
        await.entering().map(step -> around(step, place, type)),
        await.handlers().stream()
            .<Work.Await.Handler<S, ?>>map(handler -> around(handler, place, type))
            .toList(),
        await.timers().stream()
            .map(timer -> new Work.Await.Timer<>(timer.until(), around(timer.then(), place, type)))
            .toList(),
        await.mode());
  }

  private <S, T> Work.Await.Handler<S, T> around(
      Work.Await.Handler<S, T> handler, Place place, Type type) {
    return new Work.Await.Handler<>(
        handler.signal(),
        handler.correlation(),
        (state, payload, ctx) ->
            attempts.run(
                place,
                ctx,
                state,
                () -> handler.step().run(state, payload, ctx),
                after -> after,
                type),
        handler.stays(),
        handler.check());
  }

  private <S, T> Work<S> around(Work.Child<S, T> child, Place place, Type type) {
    return new Work.Child<S, T>(
        child.workflow(),
        child.in(),
        child
            .out()
            .map(out ->
                (state, result) ->
                    (S) attempts.folded(place, state, () -> out.apply(state, result), type)),
        child.outlives());
  }

  private <S, T> Work<S> around(Work.Call<S, T> call, Place place, Type type) {
    return new Work.Call<>(
        around(call.sub(), place.node() + "/"),
        call.in(),
        (state, result) ->
            (S) attempts.folded(place, state, () -> call.out().apply(state, result), type));
  }

  private <S, I, R> Work<S> around(Work.Each<S, I, R> each, Place place, Type type) {
    return new Work.Each<S, I, R>(
        each.items(),
        each.key(),
        each.width(),
        each.tolerated(),
        around(each.each(), place.node() + "/"),
        (state, results) ->
            (S) attempts.folded(place, state, () -> each.out().apply(state, results), type));
  }

  private <S> Work<S> around(Work.Parallel<S> parallel, Place place, Type type) {
    List<Definition<?>> branches =
        parallel.branches().stream()
            .<Definition<?>>map(branch -> around(branch, place.node() + "/"))
            .toList();
    return new Work.Parallel<>(
        branches,
        (state, results) ->
            (S) attempts.folded(place, state, () -> parallel.out().apply(state, results), type));
  }

  private <S> Exits<S> around(Exits<S> exits, Place place, Type type) {
    return new Exits<>(
        exits.edges(),
        exits.fork(),
        exits.join(),
        exits.errors().stream()
            .<Exits.ErrorEdge<S, ?>>map(edge -> around(edge, place, type))
            .toList(),
        exits.timeout().map(edge -> around(edge, place, type)));
  }

  private <S, X extends Exception> Exits.ErrorEdge<S, X> around(
      Exits.ErrorEdge<S, X> edge, Place place, Type type) {
    return new Exits.ErrorEdge<>(
        edge.type(),
        (state, error) ->
            (S) attempts.folded(place, state, () -> edge.fold().apply(state, error), type),
        edge.target());
  }

  private <S> Exits.TimeoutEdge<S> around(Exits.TimeoutEdge<S> edge, Place place, Type type) {
    return new Exits.TimeoutEdge<>(
        (state, ctx) ->
            (S) attempts.folded(place, state, () -> edge.change().run(state, ctx), type),
        edge.target());
  }
}
