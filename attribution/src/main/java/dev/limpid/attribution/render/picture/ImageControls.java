package dev.limpid.attribution.render.picture;

import dev.limpid.attribution.render.Decimals;
import java.util.Locale;
import java.util.function.Function;

/** What a page's reader chooses: the names and values of the form that the page's script reads. */
final class ImageControls {
    private static final int MOST_OUTLIERS = 50;

    private ImageControls() {}

    /** Appends the form, which the script shows. */
    static void append(StringBuilder html, PictureOptions options, boolean several) {
        html.append("<form id=\"controls\" autocomplete=\"off\" hidden>\n<fieldset><legend>View</legend>");
        for (View view : View.values()) {
            html.append("<label><input type=\"radio\" name=\"view\" value=\"").append(view.id()).append('"')
                    .append(view == options.view() ? " checked" : "").append("> ").append(view.title())
                    .append("</label>");
        }
        html.append("</fieldset>\n");
        appendSelect(html, "Sign", "sign", Sign.values(), options.sign(), Sign::id);
        appendSelect(html, "Unit", "unit", Unit.values(), options.unit(), Unit::id);
        appendSelect(html, "Colours", "palette", Palette.values(), options.palette(),
                palette -> palette == Palette.CAPTUM ? "red and green" : "blue and orange");
        appendRange(html, "Overlay", "opacity", 1, 100, 100 * options.opacity());
        appendRange(html, "Outliers", "outlier", 0.5, Math.max(MOST_OUTLIERS, (int) Math.ceil(100 * options.outlier())),
                100 * options.outlier());
        if (several) {
            html.append("<label><input type=\"checkbox\" name=\"scale\" value=\"shared\"")
                    .append(options.sharedScale() ? " checked" : "").append("> Same scale for all images</label>\n");
        }
        html.append(
                "<p id=\"replaced\" hidden>This view cannot tell signs apart; it shows the positive attributions.</p>\n")
                .append("</form>\n<noscript><p class=\"note\">Without script this page shows one view.</p></noscript>\n");
    }

    private static <E extends Enum<E>> void appendSelect(StringBuilder html, String label, String name, E[] values,
            E chosen, Function<E, String> shown) {
        html.append("<label>").append(label).append(" <select name=\"").append(name).append("\">");
        for (E value : values) {
            String id = value.name().toLowerCase(Locale.ROOT).replace('_', '-');
            html.append("<option value=\"").append(id).append('"').append(value == chosen ? " selected" : "")
                    .append('>').append(shown.apply(value)).append("</option>");
        }
        html.append("</select></label>\n");
    }

    private static void appendRange(StringBuilder html, String label, String name, double step, int most,
            double value) {
        String number = Decimals.fixed(value, 1).replace(".0", "");
        html.append("<span class=\"slider\"><label>").append(label).append(" <input type=\"range\" name=\"")
                .append(name)
                .append("\" min=\"0\" max=\"").append(most).append("\" step=\"")
                .append(Decimals.fixed(step, 1)).append("\" value=\"").append(number)
                .append("\"></label> <output id=\"")
                .append(name).append("-value\">").append(number).append(" %</output></span>\n");
    }
}
