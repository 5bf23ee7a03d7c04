package dev.pawl.workflow.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/// Sums up the shape of a definition. What is written is a list of texts, each with its length
/// before it, so that different shapes are different texts.
final class Fingerprint {
  private final MessageDigest digest;

  private Fingerprint(MessageDigest digest) {
    this.digest = digest;
  }

  static String of(Definition<?> definition) {
    try {
      var fingerprint = new Fingerprint(MessageDigest.getInstance("SHA-256"));
      fingerprint.definition(definition);
      return HexFormat.of().formatHex(fingerprint.digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private <S> void definition(Definition<S> definition) {
    text(definition.state().getTypeName());
    text(definition.result().getTypeName());
    text(definition.node(definition.start()).name());
    merge(definition.merge());
    number(definition.nodes().size());
    definition.nodes().stream()
        .sorted(Comparator.comparing(NodeModel::name))
        .forEach(node -> node(definition, node));
  }

  private <S> void merge(Merge<S> merge) {
    text(merge.whole().isPresent() ? "whole" : "by component");
    texts(merge.fields().keySet().stream().map(field -> field.name()).sorted().toList());
  }

  private <S> void node(Definition<S> definition, NodeModel<S> node) {
    text(node.name());
    work(node.work());
    var exits = node.exits();
    number(exits.ports());
    for (int port = 0; port < exits.ports(); port++) {
      text(exits.label(port));
      text(definition.node(exits.target(port)).name());
    }
    texts(exits.errors().stream().map(edge -> edge.type().getName()).toList());
    texts(exits.fork().stream().map(target -> definition.node(target).name()).toList());
    text(exits.join() < 0 ? "" : definition.node(exits.join()).name());
  }

  private <S> void work(Work<S> work) {
    switch (work) {
      case Work.Run<S> run -> text("run");
      case Work.Choose<S, ?> choose -> text("choose");
      case Work.Delay<S> delay -> text("delay");
      case Work.Await<S> await -> await(await);
      case Work.Child<S, ?> child -> {
        text("child");
        text(child.workflow().name());
        text(child.workflow().state().getTypeName());
        text(child.out().isPresent() ? "waits" : "goes on");
      }
      case Work.Call<S, ?> call -> {
        text("call");
        definition(call.sub());
      }
      case Work.Each<S, ?, ?> each -> {
        text("each");
        text(each.key().isPresent() ? "by key" : "by place");
        definition(each.each());
      }
      case Work.Parallel<S> parallel -> {
        text("parallel");
        number(parallel.branches().size());
        parallel.branches().forEach(this::definition);
      }
      case Work.Meet<S> meet -> {
        text("meet");
        number(meet.mode().needed());
      }
      case Work.End<S> end -> text("end");
    }
  }

  private <S> void await(Work.Await<S> await) {
    text("await");
    text(await.mode().name());
    text(await.entering().isPresent() ? "enters" : "waits at once");
    number(await.timers().size());
    number(await.handlers().size());
    for (var handler : await.handlers()) {
      text(handler.signal().name());
      text(handler.signal().type().getName());
      text(handler.correlation().isPresent() ? "correlated" : "for all");
      text(handler.stays() ? "stays" : "leaves");
    }
  }

  private void texts(List<String> texts) {
    number(texts.size());
    texts.forEach(this::text);
  }

  private void number(int number) {
    text(Integer.toString(number));
  }

  private void text(String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
    digest.update(bytes);
  }
}
