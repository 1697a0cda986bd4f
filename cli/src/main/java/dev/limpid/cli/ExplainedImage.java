package dev.limpid.cli;

import dev.limpid.attribution.render.picture.ImageFigure;
import java.util.List;

/**
 * What is kept of an image once it is explained.
 *
 * @param report for the terminal
 * @param json its document; empty if none is wanted
 * @param figures for pictures and pages; empty if none are wanted
 */
record ExplainedImage(String report, String json, List<ImageFigure> figures) {
    ExplainedImage {
        figures = List.copyOf(figures);
    }
}
