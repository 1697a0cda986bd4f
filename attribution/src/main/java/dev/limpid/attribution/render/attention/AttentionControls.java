package dev.limpid.attribution.render.attention;

/** What a page's reader chooses: the form that the page's script fills and reads. */
final class AttentionControls {
    private AttentionControls() {}

    static void append(StringBuilder html, AttentionFigure figure, AttentionOptions options) {
        html.append("<form id=\"controls\" hidden aria-label=\"What is shown\">\n<fieldset><legend>View</legend>");
        for (AttentionView view : AttentionView.values()) {
            boolean possible = view != AttentionView.NEURON || figure.projections() != null;
            if (possible) {
                html.append("<label><input type=\"radio\" name=\"view\" value=\"").append(view.id()).append('"')
                        .append(view == options.view() ? " checked" : "").append("> ")
                        .append(switch (view) {
                            case HEAD -> "Heads of a layer";
                            case MODEL -> "All layers and heads";
                            case NEURON -> "Queries and keys";
                        }).append("</label>");
            }
        }
        html.append("</fieldset>\n");
        select(html, "Show", "stack");
        select(html, "Layer", "layer");
        select(html, "Head", "head");
        if (figure.tokens().sentenceB() > 0) {
            html.append("""
                    <label>Sentences <select name="block"><option value="all">all</option>\
                    <option value="aa">A → A</option><option value="bb">B → B</option>\
                    <option value="ab">A → B</option><option value="ba">B → A</option></select></label>
                    """);
        }
        html.append("""
                <label>Lines <select name="strength"><option value="weight">by weight</option>\
                <option value="row">relative to the row’s largest</option></select></label>
                <label>Thumbnails <select name="thumbnail"><option value="lines">lines</option>\
                <option value="matrix">matrix</option></select></label>
                <button type="button" id="png">Save as PNG</button>
                <div id="heads" role="group" aria-label="Heads"></div>
                </form>
                """);
    }

    private static void select(StringBuilder html, String label, String name) {
        html.append("<label>").append(label).append(" <select name=\"").append(name).append("\"></select></label>\n");
    }
}
