package dev.limpid.attribution.explain;

import dev.limpid.bert.BertConfig;
import dev.limpid.bert.BertLoader;
import dev.limpid.nn.ConfigFields;
import dev.limpid.safetensors.Checkpoint;
import dev.limpid.safetensors.LoraAdapter;
import dev.limpid.safetensors.Weights;
import dev.limpid.tensor.Ops;
import dev.limpid.tokenizer.Tokenizer;
import dev.limpid.vit.ViTConfig;
import dev.limpid.vit.ViTLoader;
import dev.limpid.vit.image.ImageProcessor;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;

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
     * @param directory with {@code config.json}, {@code model.safetensors} (or shards and their index) and the tokenizer's files or
     *        {@code preprocessor_config.json}
     * @throws RuntimeException of a kind that names the cause in one sentence: {@link dev.limpid.nn.ModelException},
     *         {@link dev.limpid.safetensors.SafetensorsException}, {@link dev.limpid.tokenizer.TokenizerException},
     *         {@link dev.limpid.tensor.DeviceException}
     */
    public static LimpidModel load(Path directory) {
        return load(directory, LoadOptions.DEFAULT);
    }

    /** As {@link #load(Path)}, with an adapter merged, on another device, in another precision, with fewer threads. */
    public static LimpidModel load(Path directory, LoadOptions options) {
        ConfigFields fields = ConfigFields.read(directory);
        boolean vision = ViTConfig.isModelType(fields.text("model_type", ""));
        return vision
                ? loadVision(directory, ViTConfig.of(fields), options)
                : loadText(directory, BertConfig.of(fields), options);
    }

    private static LimpidModel loadText(Path directory, BertConfig config, LoadOptions options) {
        // The device first, so that its kernels are compiled meanwhile; the tokenizer beside the weights.
        Ops ops = options.open();
        CompletableFuture<Tokenizer> tokenizer = CompletableFuture.supplyAsync(() -> Tokenizer.load(directory));
        return withWeights(directory, options, ops, (weights, adapter) -> {
            BertLoader.Loaded loaded = BertLoader.load(config, architecture(config, adapter, options), weights, ops);
            return new LimpidModel(name(directory, options), ops,
                    new LimpidModel.Network.Text(loaded.model(), result(tokenizer)), loaded.unusedWeights());
        });
    }

    private static LimpidModel loadVision(Path directory, ViTConfig config, LoadOptions options) {
        ImageProcessor processor = ImageProcessor.read(directory, config.channels());
        Ops ops = options.open();
        return withWeights(directory, options, ops, (weights, _) -> {
            ViTLoader.Loaded loaded = ViTLoader.load(config, weights, ops);
            return new LimpidModel(name(directory, options), ops,
                    new LimpidModel.Network.Vision(loaded.model(), processor), loaded.unusedWeights());
        });
    }

    /** Makes a model of the checkpoint's weights, with those of the adapter merged; the device is closed if that fails. */
    private static LimpidModel withWeights(Path directory, LoadOptions options, Ops ops,
            BiFunction<Weights, LoraAdapter, LimpidModel> loader) {
        try (Checkpoint checkpoint = Checkpoint.open(directory);
                LoraAdapter adapter = options.adapter() == null ? null : LoraAdapter.load(options.adapter())) {
            Weights weights = adapter == null ? Weights.of(checkpoint) : Weights.of(checkpoint).adapted(adapter);
            LimpidModel model = loader.apply(weights, adapter);
            weights.requireAdapterUsed();
            return model;
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
    private static String architecture(BertConfig config, LoraAdapter adapter, LoadOptions options) {
        if (options.architecture() != null) {
            return options.architecture();
        }
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
