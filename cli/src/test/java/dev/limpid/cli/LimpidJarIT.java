package dev.limpid.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The runnable jar and the script, as processes, from another folder. */
class LimpidJarIT {
    private static final Path ROOT = Path.of(System.getProperty("limpid.root"));
    private static final Path JAR = ROOT.resolve("cli/target/limpid.jar");
    private static final Path THIS_JAVA = Path.of(System.getProperty("java.home"));

    @TempDir
    Path folder;

    @Test
    void onThisJavaTheJarNeedsNoFlags() throws Exception {
        Run run = run(Map.of(), command(THIS_JAVA), "-jar", JAR.toString(), "qa");
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("\nanswer  Paris\n");
    }

    @Test
    void theJarClassifiesASentenceOffline() throws Exception {
        Run run = run(Map.of(), command(THIS_JAVA), "-jar", JAR.toString(), "classify");
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("\nprediction  positive, ");
    }

    @Test
    void theJarExplainsAFileOfTexts() throws Exception {
        Files.writeString(folder.resolve("in.csv"), "text,stars\n\"Good, really.\",5\nBad.,1\n");
        Run run = run(Map.of(), command(THIS_JAVA), "-jar", JAR.toString(), "classify", "--input", "in.csv", "--output",
                "out.jsonl", "--steps", "2");
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isEqualTo("explained  2\nwrote  out.jsonl\n");
        assertThat(folder.resolve("out.jsonl")).content().hasLineCount(2).contains("\"line\":2,", "\"line\":3,");
    }

    @Test
    void theVectorApiIsThereWithAndWithoutItsFlag() throws Exception {
        Run without = run(Map.of(), command(THIS_JAVA), "-jar", JAR.toString(), "devices");
        Run with = run(Map.of(), command(THIS_JAVA), "--add-modules", "jdk.incubator.vector", "-jar", JAR.toString(),
                "devices");
        assertThat(without.err()).isEmpty();
        assertThat(with.err()).isEqualTo("WARNING: Using incubator modules: jdk.incubator.vector\n");
        assertThat(without.out()).isEqualTo(with.out());
    }

    @Test
    void whereTheModuleCannotBeAddedTheFlagIs() throws Exception {
        Run run = run(Map.of(), command(THIS_JAVA), "-cp", JAR.toString(), "dev.limpid.launch.Launcher", "devices");
        assertThat(run.err()).isEqualTo("WARNING: Using incubator modules: jdk.incubator.vector\n");
        assertThat(run.out()).isEqualTo(run(Map.of(), command(THIS_JAVA), "-jar", JAR.toString(), "devices").out());
    }

    @Test
    void anOlderJavaFindsThisOne() throws Exception {
        Run run = run(Map.of("LIMPID_JAVA_HOME", THIS_JAVA.toString()), command(olderJava()), "-Dlimpid.gemm=plain",
                "-jar", JAR.toString(), "tokenize", "--text", "a \"b\" é", "--json", "-");
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        assertThat(run.out()).startsWith("{\"ids\":[101,1037,1000,1038,1000,1041,102]");
    }

    /** The readers of images are found by files in META-INF/services, which the jar merges. */
    @Test
    void theJarReadsWebPAndDrawsWithoutADisplay() throws Exception {
        Path photo = ROOT.resolve("vit/src/test/resources/images/decoding/lossy.webp");
        Run run = run(Map.of("DISPLAY", ":nowhere"), command(THIS_JAVA), "-jar", JAR.toString(), "image", "--image",
                photo.toString(), "--out", "e.png", "--html", "e.html");
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        assertThat(run.out()).startsWith("image  lossy.webp, ").endsWith("wrote  e.png\nwrote  e.html\n");
        assertThat(Files.readAllBytes(folder.resolve("e.png"))).startsWith(0x89, 'P', 'N', 'G');
        assertThat(folder.resolve("e.html")).content().endsWith("</html>\n");
    }

    @Test
    void anOlderJavaPassesTheExitStatusOn() throws Exception {
        Run run = run(Map.of("LIMPID_JAVA_HOME", THIS_JAVA.toString()), command(olderJava()), "-jar", JAR.toString(),
                "qa", "--steps", "0");
        assertThat(run.err()).startsWith("limpid: ").contains("steps");
        assertThat(run.exit()).isEqualTo(2);
    }

    @Test
    void whereThisJavaIsKilledTheOneItStartedEnds() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        ProcessBuilder builder = new ProcessBuilder(command(olderJava()), "-jar", JAR.toString(), "qa", "--question",
                "who?", "--context-file", pipe.toString());
        builder.environment().put("LIMPID_JAVA_HOME", THIS_JAVA.toString());
        Process parent = builder.redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile()).start();
        ProcessHandle child = childOf(parent.toHandle());
        parent.destroyForcibly();
        assertThat(child.onExit().get(60, TimeUnit.SECONDS).isAlive()).isFalse();
    }

    @Test
    void theScriptWorksByALinkFromAFolderWithSpaces() throws Exception {
        Path checkout = Files.createDirectories(folder.resolve("a checkout/cli/target")).getParent().getParent();
        Files.copy(JAR, checkout.resolve("cli/target/limpid.jar"));
        Files.copy(ROOT.resolve("limpid"), checkout.resolve("limpid"));
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path link = Files.createSymbolicLink(bin.resolve("explain"), Path.of("../a checkout/limpid"));
        Run run = run(Map.of("LIMPID_JAVA_HOME", THIS_JAVA.toString(), "LC_ALL", "C"), "sh", link.toString(),
                "tokenize", "--text", "où est \"le chat\" ?", "--json", "-");
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).startsWith("{\"ids\":[101,15068,9765,1000,3393,11834,1000,1029,102]");
    }

    @Test
    void theScriptIsQuietAboutArchivesOfAnotherJar() throws Exception {
        Path target = Files.createDirectories(folder.resolve("cli/target"));
        Path jar = Files.copy(JAR, target.resolve("limpid.jar"));
        Files.copy(ROOT.resolve("limpid"), folder.resolve("limpid"));
        Path archive = target.resolve("limpid.jsa");
        for (int day = 0; day < 2; day++) {
            Files.setLastModifiedTime(jar, FileTime.from(Instant.now().minus(Duration.ofDays(1 - day))));
            for (int round = 0; round < 2; round++) {
                Run run = run(Map.of("LIMPID_JAVA_HOME", THIS_JAVA.toString()), "sh",
                        folder.resolve("limpid").toString(), "tokenize", "--text", "", "--json", "-");
                assertThat(run.err()).as("jar %d, round %d", day, round).isEmpty();
                assertThat(run.out()).startsWith("{\"ids\":[101,102]");
                assertThat(archive).isRegularFile();
            }
        }
        Files.delete(archive);
        Files.createDirectory(archive);
        assertThat(run(Map.of("LIMPID_JAVA_HOME", THIS_JAVA.toString()), "sh", folder.resolve("limpid").toString(),
                "tokenize", "--text", "").exit()).as("an archive that cannot be written").isZero();
    }

    /** Of each kind two runs: the second finds what the first made of it. */
    @Test
    void theScriptAnswersWhateverBecameOfItsArchive() throws Exception {
        Path target = Files.createDirectories(folder.resolve("cli/target"));
        Files.copy(JAR, target.resolve("limpid.jar"));
        Files.copy(ROOT.resolve("limpid"), folder.resolve("limpid"));
        Path archive = target.resolve("limpid.jsa");
        tokenizesTwice("absent", "");
        byte[] whole = Files.readAllBytes(archive);
        Files.write(archive, new byte[0]);
        tokenizesTwice("empty", "");
        assertThat(archive).as("made again").isNotEmptyFile();
        byte[] withoutHeader = whole.clone();
        Arrays.fill(withoutHeader, 0, 4096, (byte) 0);
        Files.write(archive, withoutHeader);
        tokenizesTwice("killed before the header was written", "");
        assertThat(Files.readAllBytes(archive)).as("made again").startsWith(Arrays.copyOf(whole, 4));
        Files.write(archive, Arrays.copyOf(whole, whole.length / 2));
        tokenizesTwice("cut off", "");
        tokenizesTwice("of another collector", "-XX:+UseParallelGC");
        tokenizesTwice("of other references", "-XX:-UseCompressedOops");
        tokenizesTwice("of other options", "--add-modules=java.sql");
    }

    private void tokenizesTwice(String archive, String options) throws IOException, InterruptedException {
        for (int round = 0; round < 2; round++) {
            Run run = run(Map.of("LIMPID_JAVA_HOME", THIS_JAVA.toString(), "LIMPID_JAVA_OPTS", options), "sh",
                    folder.resolve("limpid").toString(), "tokenize", "--text", "", "--json", "-");
            assertThat(run.err()).as("archive %s, round %d", archive, round).isEmpty();
            assertThat(run.out()).as("archive %s, round %d", archive, round).startsWith("{\"ids\":[101,102]");
        }
    }

    @Test
    void theScriptKeepsAnArchiveOfWhatImageLoads() throws Exception {
        Path target = Files.createDirectories(folder.resolve("cli/target"));
        Files.copy(JAR, target.resolve("limpid.jar"));
        Files.copy(ROOT.resolve("limpid"), folder.resolve("limpid"));
        for (int round = 0; round < 2; round++) {
            Run run = run(Map.of("LIMPID_JAVA_HOME", THIS_JAVA.toString()), "sh", folder.resolve("limpid").toString(),
                    "image", "--steps", "2");
            assertThat(run.err()).as("round %d", round).isEmpty();
            assertThat(run.out()).contains("\nprediction  cat, ");
            assertThat(target.resolve("limpid-image.jsa")).isRegularFile();
            assertThat(target.resolve("limpid.jsa")).doesNotExist();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "onednn"})
    void aKernelThatIsNotThereIsOneSentence(String kernel) throws Exception {
        Path target = Files.createDirectories(folder.resolve("cli/target"));
        Files.copy(JAR, target.resolve("limpid.jar"));
        Files.copy(ROOT.resolve("limpid"), folder.resolve("limpid"));
        Run run = run(Map.of("LIMPID_JAVA_HOME", THIS_JAVA.toString(), "LIMPID_JAVA_OPTS", "-Dlimpid.gemm=" + kernel),
                "sh", folder.resolve("limpid").toString(), "qa");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).hasLineCount(1).startsWith("limpid: device 'cpu' cannot be used: ")
                .contains("limpid.gemm", kernel);
    }

    /** Nothing but the time would tell if it did not. */
    @Test
    void theScriptCompilesTheClassesThatComputeWithVectorsAtOnceAndNoOthers() throws Exception {
        Matcher kernels = Pattern.compile("(?m)^kernels='(.*)'$").matcher(Files.readString(ROOT.resolve("limpid")));
        assertThat(kernels.find()).isTrue();
        Path folder = ROOT.resolve("tensor/src/main/java/dev/limpid/tensor/cpu");
        try (Stream<Path> files = Files.walk(ROOT.resolve("tensor/src/main/java"))) {
            List<Path> computing = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(LimpidJarIT::loadsVectors).toList();
            assertThat(computing).containsExactlyInAnyOrderElementsOf(
                    Stream.of(kernels.group(1).split(" ")).map(name -> folder.resolve(name + ".java")).toList());
        }
    }

    @Test
    void theScriptKeepsLoopsOutOfOthersThatAreThere() throws Exception {
        Matcher loops = Pattern.compile("(?m)^loops='(.*)'$").matcher(Files.readString(ROOT.resolve("limpid")));
        assertThat(loops.find()).isTrue();
        Matcher loop = Pattern.compile("(\\w+)::(\\S+)").matcher(loops.group(1));
        int found = 0;
        for (; loop.find(); found++) {
            Path source = ROOT.resolve("tensor/src/main/java/dev/limpid/tensor/cpu/" + loop.group(1) + ".java");
            String method = loop.group(2);
            assertThat(Files.readString(source)).contains(method.equals("*") ? "static void " : " " + method + "(");
        }
        assertThat(found).isEqualTo(5);
    }

    private static boolean loadsVectors(Path source) {
        try {
            return Files.readString(source).contains("FloatVector.fromArray(");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void withoutAnyJavaTheScriptSaysSo() throws Exception {
        Path elsewhere = Files.createDirectories(folder.resolve("bin"));
        for (String name : List.of("dirname", "readlink", "find", "head")) {
            Path command = Files.writeString(elsewhere.resolve(name), "#!/bin/sh\nexec /usr/bin/" + name + " \"$@\"\n");
            assertThat(command.toFile().setExecutable(true)).isTrue();
        }
        String script = Files.readString(ROOT.resolve("limpid")).replace("/usr/lib/jvm/", "/nowhere/")
                .replace("/opt/", "/nowhere/").replace("/usr/java/", "/nowhere/");
        Files.writeString(folder.resolve("limpid"), script);
        Run run = run(Map.of("PATH", elsewhere.toString(), "HOME", folder.toString(), "JAVA_HOME", "",
                "LIMPID_JAVA_HOME", ""), "/bin/sh", folder.resolve("limpid").toString(), "qa");
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("limpid: Java 25 or newer is needed").contains("LIMPID_JAVA_HOME")
                .hasLineCount(1);
        assertThat(run.exit()).isEqualTo(2);
    }

    private Run run(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().putAll(environment);
        Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        process.getOutputStream().close();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("%s ended", List.of(command)).isTrue();
        return new Run(process.exitValue(), Files.readString(out), Files.readString(err, StandardCharsets.UTF_8));
    }

    private static ProcessHandle childOf(ProcessHandle parent) throws InterruptedException {
        for (int tries = 0; tries < 600; tries++) {
            List<ProcessHandle> children = parent.children().toList();
            if (!children.isEmpty()) {
                return children.getFirst();
            }
            Thread.sleep(100);
        }
        throw new AssertionError("the older Java started no other within a minute");
    }

    private static String command(Path home) {
        return home.resolve("bin/java").toString();
    }

    /** A Java older than this one, or the test is skipped. */
    private static Path olderJava() throws IOException {
        List<Path> found = new ArrayList<>();
        Path installed = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(installed)) {
            try (Stream<Path> homes = Files.list(installed)) {
                homes.filter(LimpidJarIT::isOlder).sorted().forEach(found::add);
            }
        }
        assumeTrue(!found.isEmpty(), "skipped: no Java 17 to 24 in /usr/lib/jvm to start the jar with");
        return found.getFirst();
    }

    private static boolean isOlder(Path home) {
        Path release = home.resolve("release");
        try {
            return Files.isExecutable(home.resolve("bin/java")) && Files.exists(release)
                    && Files.readString(release).matches("(?s).*JAVA_VERSION=\"(17|18|19|2[0-4])[.\"].*");
        } catch (IOException e) {
            return false;
        }
    }
}
