package dev.limpid.bench.peers;

import dev.limpid.bench.BenchException;
import dev.limpid.bench.explain.MergedModel;
import dev.limpid.bench.rounds.Rounds;
import dev.limpid.bench.start.Child;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** From the command to the first explanation by the embedded model: {@code limpid qa}, and a script that imports transformers-interpret. */
final class ColdRow {
    private static final double BAR = 4;
    private static final String ANSWER = "paris";

    private ColdRow() {}

    static Comparison compare(PeerBenchmark.Setting setting) {
        Path scripts = setting.script().toAbsolutePath().getParent();
        Path launcher = scripts.resolveSibling("limpid");
        if (!Files.isExecutable(launcher)) {
            throw new BenchException(
                    "cold: " + launcher + " is not there; run it from a checkout, or leave cold out of --rows");
        }
        Path folder = MergedModel.require(setting.checkpoints());
        List<String> ours = List.of(launcher.toString(), "qa");
        List<String> theirs = List.of(setting.context().peers().python(), scripts.resolve("cold_start.py").toString(),
                folder.toAbsolutePath().toString(), MergedModel.QUESTION, MergedModel.CONTEXT);
        seconds(ours); // builds what is missing, and makes the archive of classes
        seconds(theirs);
        Rounds rounds = new Rounds(setting.peak(), List.of(() -> seconds(ours), () -> seconds(theirs)));
        Comparison.measure(setting.context(), rounds);
        return Comparison.of("cold start to the first explanation, embedded model, whole commands",
                "transformers-interpret, imports included", rounds, 0, 1, BAR, Double.NaN);
    }

    private static double seconds(List<String> command) {
        Child.Outcome outcome = Child.run(command, null);
        if (!outcome.output().toLowerCase(Locale.ROOT).contains(ANSWER)) {
            throw new BenchException(command.getFirst() + " did not answer " + ANSWER);
        }
        return outcome.seconds();
    }
}
