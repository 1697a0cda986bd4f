package dev.limpid.attribution.explain;

import dev.limpid.bert.BertConfig;
import dev.limpid.bert.BertLoader;
import dev.limpid.safetensors.Checkpoint;
import dev.limpid.safetensors.LoraAdapter;
import dev.limpid.safetensors.Weights;
import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.Ops;
import dev.limpid.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Where everything begins: loads a Hugging Face checkpoint.
 *
 * <pre>{@code
 * try (LimpidModel model = Limpid.load(Path.of("my-model"))) {
 *     QuestionAnsweringExplanation e = model.questionAnswering().explain(question, context);
 *     System.out.println(e.answer().text());
 * }
 * }</pre>
 */
public final class Limpid {
    private Limpid() {}

    /**
     * Loads the checkpoint in a folder on the CPU, with all processors.
     *
     * @param directory with {@code config.json}, {@code model.safetensors} (or shards and their index) and the tokenizer's files
     * @throws RuntimeException of a kind that names the cause in one sentence: {@link dev.limpid.nn.ModelException},
     *         {@link dev.limpid.safetensors.SafetensorsException}, {@link dev.limpid.tokenizer.TokenizerException},
     *         {@link dev.limpid.tensor.DeviceException}
     */
    public static LimpidModel load(Path directory) {
        return load(directory, LoadOptions.DEFAULT);
    }

    /** As {@link #load(Path)}, with an adapter merged, on another device, with fewer threads. */
    public static LimpidModel load(Path directory, LoadOptions options) {
        BertConfig config = BertConfig.read(directory);
        // The device first, so that its kernels are compiled meanwhile; the tokenizer beside the weights.
        Ops ops = Device.open(options.device(), new DeviceOptions(options.threads()));
        CompletableFuture<Tokenizer> tokenizer = CompletableFuture.supplyAsync(() -> Tokenizer.load(directory));
        try (Checkpoint checkpoint = Checkpoint.open(directory);
                LoraAdapter adapter = options.adapter() == null ? null : LoraAdapter.load(options.adapter())) {
            Weights weights = adapter == null ? Weights.of(checkpoint) : Weights.of(checkpoint).adapted(adapter);
            BertLoader.Loaded loaded = BertLoader.load(config, architecture(config, adapter), weights, ops);
            weights.requireAdapterUsed();
            return new LimpidModel(name(directory, options), loaded.model(), result(tokenizer), loaded.unusedWeights());
        } catch (RuntimeException | Error e) {
            ops.close();
            throw e;
        }
    }

    private static Tokenizer result(CompletableFuture<Tokenizer> tokenizer) {
        try {
            return tokenizer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** What the adapter was trained for goes before what the base was saved as. */
    private static String architecture(BertConfig config, LoraAdapter adapter) {
        return switch (adapter == null ? "" : adapter.taskType()) {
            case "QUESTION_ANS" -> "BertForQuestionAnswering";
            case "SEQ_CLS" -> "BertForSequenceClassification";
            case "TOKEN_CLS" -> "BertForTokenClassification";
            default -> config.architecture();
        };
    }

    private static String name(Path directory, LoadOptions options) {
        return options.name() != null
                ? options.name()
                : directory.toAbsolutePath().normalize().getFileName().toString();
    }
}
