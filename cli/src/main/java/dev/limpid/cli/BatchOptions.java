package dev.limpid.cli;

import dev.limpid.attribution.Progress;
import dev.limpid.attribution.explain.InputException;
import dev.limpid.attribution.explain.LimpidModel;
import dev.limpid.cli.batch.BatchRun;
import dev.limpid.cli.batch.Fingerprint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** The options for explaining a whole file of inputs, and how that is done. */
final class BatchOptions {
    /** Options whose values do not decide what is written, or whose files do rather than their names. */
    private static final Set<String> WITHOUT_EFFECT = Set.of("--input", "--output", "--overwrite", "--json", "--html",
            "--no-colour", "--debug", "--help", "--version", "--threads", "--memory", "--internal-batch-size",
            "--model", "--adapter", "--context-file");

    @Option(names = "--input", paramLabel = "FILE", description = "Explain many inputs: an object a line (.jsonl), columns with a header (.csv), or a text a line (.txt)."
            + " What is given as an option besides holds for all.")
    private Path input;

    @Option(names = "--output", paramLabel = "FILE", description = "Where to write them, a JSON document a line, in the same order. Repeat a command that was interrupted and it goes on from there.")
    private Path output;

    @Option(names = "--overwrite", description = "Write that file anew.")
    private boolean overwrite;

    private CommandSpec command;

    /** The inputs; null where the input is in the call. */
    Path input() {
        return input;
    }

    /**
     * Whether a file of inputs is to be explained.
     *
     * @param called for what the call says
     * @throws UsageException if an option is missing or does not go with that
     */
    boolean given(CommandSpec called) {
        command = called;
        ParseResult call = command.commandLine().getParseResult();
        if (input == null) {
            if (output != null || overwrite) {
                throw new UsageException((output != null ? "--output" : "--overwrite")
                        + " is for many inputs; name their file with --input, or use --json");
            }
            return false;
        }
        if (output == null) {
            throw new UsageException("--input needs --output, the file to write the explanations to");
        }
        for (String option : List.of("--json", "--html")) {
            if (call.hasMatchedOption(option)) {
                throw new UsageException(option + " shows one explanation, but --input may hold many;"
                        + " leave it out, their JSON goes to --output");
            }
        }
        return true;
    }

    /**
     * Explains all records that are not in the output yet.
     *
     * @param fields the names of all fields of an input
     * @param common those that are the same for every record
     * @param folders the model's and the adapter's, where the user named them
     * @param load loads the model; not called where nothing is to do
     * @param work makes of the model, and who is told of the work, what explains each of some records' fields by a JSON object on one line
     */
    void run(Terminal terminal, List<String> fields, Map<String, String> common, List<Path> folders,
            Supplier<LimpidModel> load,
            BiFunction<LimpidModel, Progress, Explain> work) {
        List<String> own = fields.stream().filter(field -> !common.containsKey(field)).toList();
        if (own.isEmpty()) {
            throw new UsageException("--input has nothing to say where " + String.join(" and ", fields)
                    + " are given as options; leave one of them out");
        }
        OutputFile file = new OutputFile("--output", output);
        file.check();
        if (file.isSameAs(input)) {
            throw new UsageException("--output " + output + " is the file that is read; name another");
        }
        try (BatchRun run = BatchRun.open(input, own, output, fingerprint(common, folders), overwrite)) {
            if (run.isFinished()) {
                terminal.print("nothing to do: " + output + " is complete\n");
                return;
            }
            terminal.print(report(run(run, terminal, common, load, work)));
        }
    }

    private BatchRun.Summary run(BatchRun run, Terminal terminal, Map<String, String> common,
            Supplier<LimpidModel> load,
            BiFunction<LimpidModel, Progress, Explain> work) {
        try (LimpidModel model = load.get(); BatchProgress progress = new BatchProgress(terminal, input)) {
            Explain explain = work.apply(model, progress.ofOne());
            return run.run(records -> explained(explain, common, records), progress);
        }
    }

    /** Explains each of some records' fields by a JSON object on one line. */
    @FunctionalInterface
    interface Explain {
        List<String> explain(List<Map<String, String>> records);
    }

    private static List<String> explained(Explain explain, Map<String, String> common,
            List<Map<String, String>> own) throws BatchRun.BadRecordException {
        try {
            return explain.explain(own.stream().map(record -> {
                Map<String, String> fields = new HashMap<>(common);
                fields.putAll(record);
                return fields;
            }).toList());
        } catch (InputException | UsageException | ArithmeticException e) {
            throw new BatchRun.BadRecordException(e.getMessage(), e);
        }
    }

    private Fingerprint fingerprint(Map<String, String> common, List<Path> folders) {
        Fingerprint fingerprint = new Fingerprint();
        fingerprint.add(Version.ofLimpid()).add(command.name());
        for (OptionSpec option : command.options()) {
            if (!WITHOUT_EFFECT.contains(option.names()[0])) {
                fingerprint.add(option.names()[0]).add(Objects.toString(option.<Object>getValue()));
            }
        }
        common.forEach((name, text) -> fingerprint.add(name).add(text));
        try {
            for (Path folder : folders) {
                fingerprint.addFolder(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return fingerprint;
    }

    private String report(BatchRun.Summary summary) {
        String before = summary.before() == 0 ? "" : ", after line " + summary.before() + " of an earlier run";
        String bad = summary.bad() == 0 ? "" : ", " + summary.bad() + " not, which say why";
        return "explained  " + summary.explained() + bad + before + "\nwrote  " + output + "\n";
    }
}
