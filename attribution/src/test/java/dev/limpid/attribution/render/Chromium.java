package dev.limpid.attribution.render;

import static org.junit.jupiter.api.Assertions.fail;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An installed Chromium, headless: the one that the system property {@code limpid.chromium} names, or the first on the PATH.
 *
 * <p>Without one, tests are to be skipped; {@code -Drequire.chromium=true} makes them fail instead.
 */
public final class Chromium implements AutoCloseable {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final List<String> ARGUMENTS = List.of("--no-sandbox", "--disable-gpu", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync");

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Path executable) {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright.chromium()
                .launch(new BrowserType.LaunchOptions().setExecutablePath(executable).setArgs(ARGUMENTS));
    }

    /** Starts it; without one says why not on the error stream and returns nothing, or fails where one is required. */
    public static Optional<Chromium> start() {
        String named = System.getProperty("limpid.chromium", "");
        Optional<Path> executable = named.isEmpty()
                ? onPath()
                : Optional.of(Path.of(named)).filter(Files::isExecutable);
        if (executable.isEmpty()) {
            String reason = named.isEmpty()
                    ? "none of " + String.join(", ", NAMES)
                            + " is on the PATH; install one or name it with -Dlimpid.chromium=FILE"
                    : "limpid.chromium names " + named + ", which is no executable file";
            if (Boolean.getBoolean("require.chromium")) {
                fail("no Chromium: " + reason);
            }
            System.err.println("Skipped, no Chromium: " + reason);
        }
        return executable.map(Chromium::new);
    }

    private static Optional<Path> onPath() {
        return NAMES.stream()
                .flatMap(name -> Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable).findFirst();
    }

    public Browser browser() {
        return browser;
    }

    @Override
    public void close() {
        playwright.close();
    }
}
