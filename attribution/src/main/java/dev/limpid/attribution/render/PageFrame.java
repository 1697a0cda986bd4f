package dev.limpid.attribution.render;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** What every page is put into: the head, with a policy that lets nothing be fetched and nothing run but a page's own script, and the style. */
public final class PageFrame {
    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{policy}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            """;

    private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'";

    private static final String STYLE = """
            :root { color-scheme: light dark; --page: #fff; --ink: #1d1d1f; --soft: #66666c; --line: #e4e4e8;
              --answer: #fdeeb5; --target: #1d1d1f; }
            @media (prefers-color-scheme: dark) {
              :root { --page: #17181a; --ink: #e9e9ec; --soft: #a0a0a8; --line: #34353a; --answer: #57481a; }
              .words, .swatch { filter: brightness(.9); }
            }
            * { box-sizing: border-box; }
            body { margin: 0; background: var(--page); color: var(--ink); line-height: 1.55;
              font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
            main { max-width: 76rem; margin: 0 auto; padding: 2.5rem clamp(1rem, 4vw, 3rem) 3rem; }
            h1 { margin: 0; font-size: 1.7rem; line-height: 1.25; font-weight: 600; overflow-wrap: anywhere; }
            h2 { margin: 2.5rem 0 .25rem; font-size: 1.05rem; font-weight: 600; }
            p { margin: 0; }
            .kicker, .label, .note, .legend, th, dt, summary, .numbers { color: var(--soft); font-size: .85rem; }
            .kicker { margin-bottom: .35rem; }
            .answer { margin-top: .9rem; font-size: 1.2rem; overflow-wrap: anywhere; }
            .answer .label { margin-inline-end: .5rem; }
            .answer strong { font-weight: 600; }
            .context { margin-top: 1.1rem; padding-inline-start: 1rem; border-inline-start: 3px solid var(--line);
              max-width: 60rem; white-space: pre-wrap; overflow-wrap: anywhere; }
            .context mark { background: var(--answer); color: inherit; padding: .1em .15em; border-radius: .2em;
              -webkit-box-decoration-break: clone; box-decoration-break: clone; }
            .note { margin-top: .6rem; max-width: 60rem; }
            .legend { display: flex; flex-wrap: wrap; align-items: center; gap: .3rem 1.25rem; margin-bottom: .75rem; }
            .legend > span { white-space: nowrap; }
            .scale { display: inline-flex; vertical-align: -.15em; margin: 0 .4rem; border: 1px solid var(--line); }
            .swatch { width: 1.1rem; height: .9rem; }
            table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
            th { font-weight: 400; text-align: start; vertical-align: bottom; padding: .35rem 1.1rem .35rem 0; }
            td { vertical-align: top; padding: .7rem 1.1rem .7rem 0; border-top: 1px solid var(--line); }
            th:last-child, td:last-child { padding-inline-end: 0; }
            td.number, th.number { text-align: end; white-space: nowrap; }
            td.name { font-weight: 600; }
            td.token { overflow-wrap: anywhere; min-width: 7rem; }
            td.tokens { width: 100%; padding-top: .45rem; }
            .words { background: #fff; color: #000; border: 1px solid var(--line); border-radius: .5rem;
              padding: .35rem .6rem; line-height: 1.95; overflow-wrap: anywhere; }
            .words span { color: #000; padding: .15em .16em; border-radius: .25em;
              -webkit-box-decoration-break: clone; box-decoration-break: clone; }
            .words .open { padding-inline-end: 0; border-start-end-radius: 0; border-end-end-radius: 0; }
            .words .joined { padding-inline-start: 0; border-start-start-radius: 0; border-end-start-radius: 0; }
            .words .special { font-size: .78em; }
            .words .answered { text-decoration: underline; text-decoration-thickness: 2px; text-underline-offset: .22em; }
            .words .target { outline: 2px solid #000; outline-offset: -1px; padding-inline: .25em; border-radius: .25em; }
            .underlined { text-decoration: underline; text-decoration-thickness: 2px; text-underline-offset: .22em; }
            .outlined { outline: 2px solid currentcolor; border-radius: .2em; padding: 0 .25em; }
            details { margin-top: 1.25rem; }
            summary { cursor: pointer; }
            .scroll { overflow-x: auto; }
            .numbers { width: auto; margin-top: .5rem; }
            .numbers td span { display: inline-block; max-width: 20rem; overflow-wrap: anywhere; }
            .numbers th, .numbers td { padding: .15rem 1.5rem .15rem 0; }
            .numbers td { color: var(--ink); }
            footer { margin-top: 2.5rem; padding-top: 1.25rem; border-top: 1px solid var(--line); }
            footer h2 { margin-top: 0; }
            footer h2:not(:first-child) { margin-top: 1.5rem; }
            dl { margin: .5rem 0 0; font-size: .9rem; max-width: 62rem; }
            dl > div { display: grid; grid-template-columns: 10.5rem 1fr; gap: .3rem 1.25rem; margin-bottom: .3rem; }
            dd { margin: 0; overflow-wrap: anywhere; }
            @media (max-width: 56rem) {
              table.targets, .targets tbody { display: block; }
              .targets thead { display: none; }
              .targets tr { display: flex; flex-wrap: wrap; gap: .2rem 1.25rem; padding: .7rem 0;
                border-top: 1px solid var(--line); }
              .targets td { border: 0; padding: 0; }
              .targets td[data-label]::before { content: attr(data-label) " "; color: var(--soft); font-size: .85rem;
                font-weight: 400; }
              .targets td.tokens { padding-top: .35rem; }
              dl > div { grid-template-columns: 1fr; gap: 0; margin-bottom: .6rem; }
            }
            @media print {
              :root { --page: #fff; --ink: #000; --soft: #555; --line: #ccc; --answer: #fdeeb5; }
              main { max-width: none; padding: 0; }
              .words, .words span, .swatch, mark { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
              .words, .swatch { filter: none; }
              .targets tr, dl > div { break-inside: avoid; }
            }
            """;

    private PageFrame() {}

    /** The page of this title, which is escaped here, and this content, which is markup. */
    static String page(String title, CharSequence main) {
        return page(POLICY, title, STYLE, main, "");
    }

    /**
     * The page of this title, which is escaped here, and this content, which is markup, with a script that runs once the page is read.
     *
     * <p>The policy allows that one script, by its hash, and images in data URIs; it still lets nothing be fetched.
     *
     * @param style added to the style that all pages have
     * @param script without {@code </script}; lines end in line feeds
     */
    public static String page(String title, CharSequence main, String style, String script) {
        String policy = POLICY + "; img-src data:; script-src 'sha256-" + sha256(script) + "'";
        return page(policy, title, STYLE + style, main, "<script>" + script + "</script>\n");
    }

    private static String page(String policy, String title, String style, CharSequence main, String script) {
        return HEAD.replace("{policy}", policy) + "<title>" + Html.escape(title) + "</title>\n<style>\n" + style
                + "</style>\n</head>\n<body>\n<main>\n" + main + "</main>\n" + script + "</body>\n</html>\n";
    }

    private static String sha256(String script) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
