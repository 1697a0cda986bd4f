package dev.limpid.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.limpid.nn.ConfigFields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code limpid explain}: the command that fits the model. */
@Command(name = "explain", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false, description = {
        "Explain with the command that fits the model: what it was trained for stands in its config.json.",
        "All other options are those of that command."}, optionListHeading = "%nOptions:%n", footerHeading = "%nExamples:%n", footer = {
                "  limpid explain --model my-ner-model --text \"Angela Merkel lives in Berlin.\"",
                "  limpid explain --task pair --model my-cross-encoder --input pairs.csv --output explained.jsonl"})
final class ExplainCommand implements Callable<Integer> {
    private static final List<String> TASKS = List.of("qa", "classify", "pair", "multilabel", "zero-shot", "ner",
            "fill-mask", "similarity", "image");

    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Option(names = "--task", paramLabel = "NAME", defaultValue = "auto", description = "The command: qa, classify, pair, multilabel, zero-shot, ner, fill-mask, similarity, image; or auto (default: ${DEFAULT-VALUE}).")
    private String task;

    @Option(names = "--model", paramLabel = "DIR", description = "Folder of a Hugging Face checkpoint. Without it, the embedded model that fits the other options.")
    private Path model;

    @Option(names = "--adapter", paramLabel = "DIR", description = "Folder of a PEFT LoRA adapter to merge into it; what it was trained for goes first.")
    private Path adapter;

    @Unmatched
    private List<String> rest = new ArrayList<>();

    ExplainCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (!task.equals("auto") && !TASKS.contains(task)) {
            throw new UsageException("--task: there is no task '" + task + "'; known are auto, "
                    + String.join(", ", TASKS));
        }
        List<String> call = new ArrayList<>(List.of(task.equals("auto") ? fitting() : task));
        if (model != null) {
            call.addAll(List.of("--model", model.toString()));
        }
        if (adapter != null) {
            call.addAll(List.of("--adapter", adapter.toString()));
        }
        if (spec.commandLine().getParseResult().hasMatchedOption("--debug")
                || spec.root().commandLine().getParseResult().hasMatchedOption("--debug")) {
            call.add("--debug");
        }
        call.addAll(rest);
        return LimpidCommand.run(terminal, call.toArray(String[]::new));
    }

    private String fitting() {
        String trained = adapter == null ? "" : taskOf(adapter);
        if (model == null) {
            return switch (trained) {
                case "QUESTION_ANS" -> "qa";
                case "SEQ_CLS" -> "classify";
                default -> ofEmbedded();
            };
        }
        ModelOptions.requireFolder("--model", model);
        ConfigFields config = ConfigFields.read(model);
        String architecture = switch (trained) {
            case "QUESTION_ANS" -> "BertForQuestionAnswering";
            case "SEQ_CLS" -> "BertForSequenceClassification";
            case "TOKEN_CLS" -> "BertForTokenClassification";
            default -> config.architecture("BertModel");
        };
        return switch (architecture) {
            case "BertForQuestionAnswering" -> "qa";
            case "BertForSequenceClassification" -> classifying(config);
            case "BertForTokenClassification" -> "ner";
            case "BertForMaskedLM" -> "fill-mask";
            case "BertModel" -> "similarity";
            case "ViTForImageClassification", "DeiTForImageClassification" -> "image";
            default -> throw new UsageException("--model " + model + " is a " + architecture
                    + ", which no command is for; name one with --task if the model has a part that is");
        };
    }

    private String ofEmbedded() {
        if (asksFor("--question") || asksFor("--context") || asksFor("--context-file")) {
            return "qa";
        }
        return asksFor("--image") ? "image" : asksFor("--pair") ? "similarity" : "classify";
    }

    /** One architecture has four uses. */
    private String classifying(ConfigFields config) {
        if (asksFor("--pair")) {
            return "pair";
        }
        boolean knowsEntailment = config.labels().stream()
                .anyMatch(label -> label.toLowerCase(Locale.ROOT).startsWith("entail"));
        if (knowsEntailment && asksFor("--labels")) {
            return "zero-shot";
        }
        return config.text("problem_type", "").equals("multi_label_classification") ? "multilabel" : "classify";
    }

    private boolean asksFor(String option) {
        return rest.stream().anyMatch(argument -> argument.equals(option) || argument.startsWith(option + "="));
    }

    private static String taskOf(Path adapter) {
        ModelOptions.requireFolder("--adapter", adapter);
        Path file = adapter.resolve("adapter_config.json");
        if (!Files.isRegularFile(file)) {
            throw new UsageException("--adapter " + adapter + " has no adapter_config.json; give the folder of a PEFT"
                    + " adapter");
        }
        try {
            return new ObjectMapper().readTree(file.toFile()).path("task_type").asText();
        } catch (IOException e) {
            throw new UsageException(file + " cannot be read as JSON; download the adapter again", e);
        }
    }
}
