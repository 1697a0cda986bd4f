package dev.limpid.bench.start;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.limpid.attribution.explain.Limpid;
import dev.limpid.attribution.explain.LimpidModel;
import dev.limpid.attribution.explain.LoadOptions;
import dev.limpid.attribution.explain.QuestionAnsweringExplanation;
import dev.limpid.attribution.render.HtmlPage;
import dev.limpid.attribution.render.JsonDocument;
import dev.limpid.bench.explain.MergedModel;
import dev.limpid.demo.DemoModels;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code limpid qa} does for its example, step by step: a program of its own, which prints how long each step took in seconds. */
final class FirstExplanation {
    static final String ANSWER = "Paris";
    private static final int FURTHER = 5;

    private final ObjectNode marks = new ObjectMapper().createObjectNode();
    private long last = System.nanoTime();

    private FirstExplanation() {}

    /**
     * Does it, and prints a line of JSON.
     *
     * @param arguments when the process was begun, as an instant, and the number of threads
     */
    public static void main(String[] arguments) {
        Instant begun = Instant.parse(arguments[0]);
        double jvm = Duration.between(begun, Instant.now()).toNanos() * 1e-9;
        FirstExplanation steps = new FirstExplanation();
        steps.marks.put("jvm", jvm);
        steps.run(Integer.parseInt(arguments[1]));
        System.out.println(steps.marks);
    }

    private void run(int threads) {
        last = System.nanoTime();
        Path folder = DemoModels.questionAnswering();
        LoadOptions options = LoadOptions.DEFAULT.withAdapter(DemoModels.questionAnsweringAdapter())
                .withThreads(threads);
        mark("unpack");
        try (LimpidModel model = Limpid.load(folder, options)) {
            mark("load");
            model.tokenizer().encode(MergedModel.QUESTION, MergedModel.CONTEXT);
            mark("tokenize");
            QuestionAnsweringExplanation explanation = model.questionAnswering().explain(MergedModel.QUESTION,
                    MergedModel.CONTEXT);
            mark("first");
            int length = HtmlPage.of(explanation).length() + JsonDocument.of(explanation).length();
            mark("render");
            marks.put("answer", explanation.answer().text()).put("characters", length);
            classes();
            double best = Double.MAX_VALUE;
            for (int i = 0; i < FURTHER; i++) {
                long start = System.nanoTime();
                model.questionAnswering().explain(MergedModel.QUESTION, MergedModel.CONTEXT);
                best = Math.min(best, (System.nanoTime() - start) * 1e-9);
            }
            marks.put("warm", best);
        }
    }

    private void mark(String step) {
        long now = System.nanoTime();
        marks.put(step, (now - last) * 1e-9);
        last = now;
    }

    /** How many classes were loaded and how long that took in all, spread over all steps; HotSpot keeps count and tells it to jcmd. */
    private void classes() {
        marks.put("classes", ManagementFactory.getClassLoadingMXBean().getTotalLoadedClassCount());
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        String counters = Child.run(
                List.of(jcmd, Long.toString(ProcessHandle.current().pid()), "PerfCounter.print"), null).output();
        marks.put("classLoading", counter(counters, "sun.cls.time") / counter(counters, "sun.os.hrt.frequency"));
    }

    private static double counter(String counters, String name) {
        Matcher matcher = Pattern.compile(String.format(Locale.ROOT, "(?m)^%s=(\\d+)", Pattern.quote(name)))
                .matcher(counters);
        return matcher.find() ? Double.parseDouble(matcher.group(1)) : Double.NaN;
    }
}
