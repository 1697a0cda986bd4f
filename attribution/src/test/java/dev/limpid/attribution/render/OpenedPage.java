package dev.limpid.attribution.render;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A page opened from a file, and all that went on while it loaded. */
public record OpenedPage(Page page, List<String> requests, List<String> complaints) implements AutoCloseable {
    /** Opens a file. */
    public static OpenedPage of(Chromium chromium, Path file, Browser.NewContextOptions options) {
        BrowserContext context = chromium.browser().newContext(options);
        Page page = context.newPage();
        List<String> requests = new ArrayList<>();
        List<String> complaints = new ArrayList<>();
        page.onRequest(request -> requests.add(request.url()));
        page.onConsoleMessage(message -> complaints.add(message.type() + ": " + message.text()));
        page.onPageError(error -> complaints.add("error: " + error));
        page.onDialog(dialog -> {
            complaints.add("dialog: " + dialog.message());
            dialog.dismiss();
        });
        page.navigate(file.toUri().toString());
        page.waitForLoadState();
        return new OpenedPage(page, requests, complaints);
    }

    @Override
    public void close() {
        page.context().close();
    }
}
