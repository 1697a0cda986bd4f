package dev.limpid.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.limpid.demo.DemoModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextCommandsTest {
    private static final Path NLI = Path.of(System.getProperty("limpid.root"),
            "attribution/src/test/resources/golden/nli");
    private static final String TEXT = "the old river is in the city";

    @TempDir
    Path folder;

    @Test
    void withoutArgumentsASentenceIsClassified() {
        Run run = Run.limpid("classify");
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        assertThat(run.out()).startsWith("text  The food was wonderful, but").contains("\nprediction  positive, ",
                "\nclass  positive (1)  score ", "wonderful  ");
    }

    @Test
    void theEmbeddedModelKnowsSentiment() throws IOException {
        JsonNode bad = json("classify", "--text", "The plot was thin and the acting dreadful.", "--steps", "4");
        assertThat(bad.at("/prediction/label").asText()).isEqualTo("negative");
        assertThat(bad.at("/prediction/probability").asDouble()).isGreaterThan(0.99);
        assertThat(bad.at("/model").asText()).isEqualTo("embedded");
        JsonNode contrast = json("classify", "--text", "A wonderful film.", "--steps", "4", "--contrast",
                "negative,positive");
        assertThat(contrast.at("/explanations/0/target").asText()).isEqualTo("contrast");
        assertThat(contrast.at("/explanations/0/score").asDouble()).isLessThan(-2);
        JsonNode own = json("classify", "--text", "A wonderful film.", "--steps", "4", "--adapter",
                DemoModels.sentimentAdapter().toString(), "--labels", "bad,good");
        assertThat(own.at("/prediction/label").asText()).isEqualTo("good");
    }

    @Test
    void withoutArgumentsTwoSentencesAreCompared() {
        Run run = Run.limpid("similarity", "--words");
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("cosine  0.67", "\ntext  first text (0)", "\ntextPair  second text (1)",
                "noodles");
    }

    /** For every command: the task and the first target of its document; its raw attributions sum to what they should. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "classify   | sequence-2 | text-classification      | class     | ",
            "classify   | sequence-2 | text-classification      | class     | --top 2 --score probability",
            "classify   | sequence-2 | text-classification      | class     | --index 1 --method idgi --steps 20",
            "classify   | sequence-2 | text-classification      | contrast  | --contrast negative,1",
            "classify   | sequence-1 | text-classification      | class     | --flip-sign",
            "pair       | sequence-1 | text-classification      | class     | ",
            "multilabel | sequence-5 | text-classification      | class     | --words",
            "multilabel | sequence-5 | text-classification      | class     | --class threat --baseline mean",
            "zero-shot  | nli        | zero-shot-classification | label     | --labels city,river --hypothesis-template {}",
            "zero-shot  | nli        | zero-shot-classification | label     | --labels city --multi-label --include-hypothesis",
            "ner        | token      | token-classification     | entity    | ",
            "ner        | token      | token-classification     | token     | --explain tokens --ignore-indexes 1,2",
            "fill-mask  | masked-lm  | fill-mask                | word      | --top 3",
            "fill-mask  | masked-lm  | fill-mask                | contrast  | --contrast river,city --mask 1",
            "similarity | sequence-2 | sentence-similarity      | text      | --pooling cls",
    })
    void commandsMakeDocuments(String command, String model, String task, String target, String more)
            throws IOException {
        JsonNode json = json(call(command, model, more));
        assertThat(json.at("/task").asText()).isEqualTo(task);
        assertThat(json.at("/explanations/0/target").asText()).isEqualTo(target);
        for (JsonNode explanation : json.at("/explanations")) {
            double sum = 0;
            for (JsonNode token : explanation.get("tokens")) {
                sum += token.get("raw").asDouble();
            }
            double difference = explanation.get("score").asDouble() - explanation.get("baselineScore").asDouble();
            assertThat(sum - difference).isCloseTo(explanation.get("delta").asDouble(), within(1e-6));
            assertThat(explanation.has("words")).isEqualTo(more != null && more.contains("--words"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"classify | sequence-2 | ", "pair | sequence-1 | ",
            "multilabel | sequence-5 | ",
            "zero-shot | nli | --labels city,river", "ner | token | "})
    void commandsFollowTransformersInterpretWhereItHasTheTask(String command, String model, String more)
            throws IOException {
        String convention = (more == null ? "" : more + " ") + "--convention transformers-interpret";
        Path html = folder.resolve("page.html");
        JsonNode json = json(call(command, model, convention + " --html " + html));
        assertThat(json.get("convention").asText()).isEqualTo("transformers-interpret");
        assertThat(json.at("/explanations/0/scoreKind").asText()).isEqualTo("probability");
        assertThat(html).content().startsWith("<table width: 100%>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"saliency", "gradient", "input-x-gradient", "leave-one-out", "idgi", "attention-rollout",
            "gradient-weighted-attention"})
    void methodsReachTheExplanation(String method) throws IOException {
        JsonNode json = json(call("classify", "sequence-2", "--method " + method));
        assertThat(json.at("/explanations/0/method").asText()).isEqualTo(method);
        assertThat(json.at("/explanations/0/quadrature").isNull()).isTrue();
    }

    @Test
    void wordsStandInPlaceOfPieces() {
        List<String> call = new ArrayList<>(
                List.of("classify", "--text", "An unputdownable thriller.", "--steps", "4"));
        assertThat(Run.limpid(call.toArray(String[]::new)).out()).contains("##");
        call.add("--words");
        assertThat(Run.limpid(call.toArray(String[]::new)).out()).contains("unputdownable").doesNotContain("##");
    }

    @Test
    void pagesAreWritten() throws IOException {
        Path html = folder.resolve("page.html");
        Run run = Run.limpid("ner", "--model", Run.golden("token").toString(), "--text", TEXT, "--html",
                html.toString());
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("entity ").doesNotContain("text  ");
        assertThat(html).content().startsWith("<!DOCTYPE html>").contains(TEXT).endsWith("</html>\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"qa | --question who? --context river", "sequence-2 | --text river",
            "sequence-1 | --text river --pair city", "sequence-5 | --text river", "token | --text river",
            "masked-lm | --text [MASK]", "nli | --text river --labels city", "nli | --text river"})
    void explainTakesTheCommandThatFits(String model, String options) {
        String command = switch (model) {
            case "qa" -> "qa";
            case "sequence-1" -> "pair";
            case "sequence-2" -> "classify";
            case "sequence-5" -> "multilabel";
            case "token" -> "ner";
            case "masked-lm" -> "fill-mask";
            default -> options.contains("--labels") ? "zero-shot" : "classify";
        };
        List<String> rest = Stream.concat(Stream.of("--model", folder(model).toString()),
                Stream.of(options.strip().split(" "))).toList();
        Run explain = Run.limpid(Stream.concat(Stream.of("explain"), rest.stream()).toArray(String[]::new));
        assertThat(explain.exit()).as(explain.err()).isZero();
        assertThat(explain).isEqualTo(
                Run.limpid(Stream.concat(Stream.of(command), rest.stream()).toArray(String[]::new)));
        Run named = Run.limpid(Stream.concat(Stream.of("explain", "--task", command), rest.stream())
                .toArray(String[]::new));
        assertThat(named).isEqualTo(explain);
    }

    @Test
    void explainTakesTheEmbeddedModelThatFits() {
        assertThat(Run.limpid("explain").out()).isEqualTo(Run.limpid("classify").out());
        assertThat(Run.limpid("explain", "--text", "a man", "--pair", "a woman", "--steps", "2").out())
                .startsWith("cosine");
        assertThat(Run.limpid("explain", "--question", "Who built it?", "--context", "Eiffel built it.", "--steps", "2")
                .out()).startsWith("answer");
        assertThat(Run.limpid("explain", "--adapter", DemoModels.questionAnsweringAdapter().toString()).out())
                .startsWith("question");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "pair --text a --pair b                 | --model is missing | cross-encoder",
            "multilabel --text a                    | --model is missing | BertForSequenceClassification",
            "zero-shot --text a --labels b          | --model is missing | natural language inference",
            "ner --text a                           | --model is missing | BertForTokenClassification",
            "fill-mask --text a                     | --model is missing | BertForMaskedLM",
            "zero-shot --text a --model NLI         | --labels | zero-shot --help",
            "ner --text a --model sequence-2        | BertForSequenceClassification | BertForTokenClassification",
            "classify --text a --model token        | BertForTokenClassification | BertForSequenceClassification",
            "zero-shot --text a --labels b --model sequence-2 | negative, positive | natural language inference",
            "classify --model sequence-2            | limpid classify needs --text | --input",
            "pair --text a --model sequence-1       | limpid pair needs --pair | --input",
            "similarity --text a                    | limpid similarity needs --pair | --input",
            "classify --text a --class good --model sequence-2 | no class 'good' | negative, positive",
            "classify --text a --index 2 --model sequence-2 | there is no class 2 | from 0 to 1",
            "classify --text a --top 0 --model sequence-2 | --top | 1 or more",
            "classify --text a --labels a --model sequence-2 | 1 labels were given | 2 classes",
            "classify --text a --class negative --top 2 --model sequence-2 | --class | --top",
            "classify --text a --flip-sign --model sequence-2 | flipSign | single logit",
            "classify --text a --method lime        | lime | leave-one-out",
            "classify --text a --method saliency --steps 3 | --steps has no meaning | leave it out",
            "classify --text a --method saliency --baseline pad | --baseline has no meaning | leave it out",
            "classify --text a --score cosine       | --score | logit, probability",
            "classify --text a --embedding layer    | --embedding | block, word, position",
            "classify --text a --embedding position | position embeddings | transformers-interpret",
            "classify --text a --steps 0            | steps | 0",
            "zero-shot --text a --labels b --hypothesis-template x --model NLI | hypothesis template 'x' | {}",
            "ner --text a --explain words --model token | --explain | entities, tokens",
            "ner --text a --ignore-labels PER --model token | PER | B-PER",
            "fill-mask --text a --model masked-lm   | the text has no [MASK] | write one",
            "fill-mask --text [MASK] --mask 1 --model masked-lm | numbered from 0 | 1 [MASK]",
            "fill-mask --text [MASK] --word xyzzy --model masked-lm | no token 'xyzzy' | single token",
            "fill-mask --text [MASK] --contrast a --model masked-lm | --contrast needs two words | he,she",
            "fill-mask --text [MASK] --model masked-lm --convention transformers-interpret | transformers-interpret | convention",
            "similarity --text a --pair b --convention transformers-interpret | likeness | leave --convention out",
            "similarity --text a --pair b --pooling max | --pooling | mean, cls",
            "explain --task sing                    | there is no task 'sing' | classify",
            "explain --model nowhere                | --model nowhere does not exist | folder",
            "explain --adapter token                | adapter_config.json | PEFT",
            "explain --frobnicate                   | --frobnicate | classify --help",
    })
    void callsThatMakeNoSense(String call, String cause, String remedy) {
        String[] args = Stream.of(call.strip().split(" +")).map(this::model).toArray(String[]::new);
        Run run = Run.limpid(args);
        assertThat(run.err()).as(call).contains(cause.strip(), remedy.strip()).startsWith("limpid: ")
                .hasLineCount(1).doesNotContain("internal error");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
    }

    /** The folder of a model named in a table, or the argument itself. */
    private String model(String argument) {
        return List.of("NLI", "token", "masked-lm", "sequence-1", "sequence-2").contains(argument)
                ? folder(argument).toString()
                : argument;
    }

    private static Path folder(String model) {
        return model.equalsIgnoreCase("nli") ? NLI : Run.golden(model);
    }

    @Test
    void aLongTextIsRefusedOrCut() throws IOException {
        String text = "the old river ".repeat(40);
        Run refused = Run.limpid("classify", "--model", Run.golden("sequence-2").toString(), "--text", text);
        assertThat(refused.exit()).isEqualTo(2);
        assertThat(refused.err()).contains("122 tokens", "--truncate");
        JsonNode cut = json("classify", "--model", Run.golden("sequence-2").toString(), "--text", text, "--truncate",
                "--steps", "2");
        assertThat(cut.get("tokensLeftOut").asInt()).isPositive();
    }

    @Test
    void poolingIsTheModelsOwn() throws IOException {
        Path model = Files.createDirectories(folder.resolve("model"));
        for (String name : List.of("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json")) {
            Files.copy(Run.golden("sequence-2").resolve(name), model.resolve(name));
        }
        Path pooling = Files.createDirectories(model.resolve("1_Pooling")).resolve("config.json");
        assertThat(pooling(model)).isEqualTo("mean");
        Files.writeString(pooling, "{\"pooling_mode_cls_token\": true, \"pooling_mode_mean_tokens\": false}");
        assertThat(pooling(model)).isEqualTo("cls");
        Files.writeString(pooling, "{\"pooling_mode_max_tokens\": true}");
        Run run = Run.limpid("similarity", "--model", model.toString(), "--text", "a", "--pair", "b");
        assertThat(run.err()).contains("asks for a pooling other than mean and cls").hasLineCount(1);
    }

    private static String pooling(Path model) throws IOException {
        return json("similarity", "--model", model.toString(), "--text", "river", "--pair", "city", "--steps", "2")
                .get("pooling").asText();
    }

    @Test
    void filesOfTextsAreExplained() throws IOException {
        Path input = Files.writeString(folder.resolve("in.csv"),
                "id,text,pair\n1,the river,\"a, city\"\n2,,a\n3,a,b\n");
        Path output = folder.resolve("out.jsonl");
        Run run = Run.limpid("pair", "--model", Run.golden("sequence-1").toString(), "--input", input.toString(),
                "--output", output.toString(), "--steps", "2", "--words");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.err()).isEqualTo("limpid: " + input + ":3: the field text is empty\n");
        List<String> lines = Files.readAllLines(output);
        assertThat(lines).hasSize(3);
        JsonNode first = new ObjectMapper().readTree(lines.getFirst());
        assertThat(first.get("textPair").asText()).isEqualTo("a, city");
        assertThat(first.at("/explanations/0/words").isArray()).isTrue();
        Run other = Run.limpid("pair", "--model", Run.golden("sequence-1").toString(), "--input", input.toString(),
                "--output", output.toString(), "--steps", "2");
        assertThat(other.err()).contains("begun with another input, model or options");
    }

    /** What the issue asks for: a thousand sentences, in order, by the embedded model's command. */
    @Test
    void sentencesAreStreamed() throws IOException {
        Path input = folder.resolve("in.txt");
        Files.write(input, Stream.iterate(1, i -> i + 1).limit(1000)
                .map(i -> "the river " + "is old ".repeat(i % 7) + "in the city").toList());
        Path output = folder.resolve("out.jsonl");
        Run run = Run.limpid("classify", "--model", Run.golden("sequence-2").toString(), "--input", input.toString(),
                "--output", output.toString(), "--steps", "4");
        assertThat(run.out()).isEqualTo("explained  1000\nwrote  " + output + "\n");
        List<String> texts = new ArrayList<>();
        for (String line : Files.readAllLines(output)) {
            texts.add(new ObjectMapper().readTree(line).get("text").asText());
        }
        assertThat(texts).isEqualTo(Files.readAllLines(input));
    }

    private static String[] call(String command, String model, String more) {
        List<String> call = new ArrayList<>(List.of(command, "--model", folder(model).toString(), "--text",
                command.equals("fill-mask") ? "the [MASK] is in the [MASK]" : TEXT));
        if (command.equals("pair") || command.equals("similarity")) {
            call.addAll(List.of("--pair", "a new city"));
        }
        if (more != null) {
            call.addAll(List.of(more.split(" ")));
        }
        return call.toArray(String[]::new);
    }

    private static JsonNode json(String... args) throws IOException {
        Run run = Run.limpid(Stream.concat(Stream.of(args), Stream.of("--json", "-")).toArray(String[]::new));
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        return new ObjectMapper().readTree(run.out());
    }
}
