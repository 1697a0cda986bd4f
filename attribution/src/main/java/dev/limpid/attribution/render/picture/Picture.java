package dev.limpid.attribution.render.picture;

import dev.limpid.attribution.explain.Convention;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Explained images on one sheet: a row for each, with titles above and colour bars below, the original to the left where it is wanted.
 *
 * <p>A panel's pixels are the {@link View}'s, enlarged by a whole factor. The same input gives the same pixels on every machine: no font and no display is
 * needed.
 *
 * @param pixels the sheet
 * @param panels where the panels lie on it, by rows, from left to right
 */
public record Picture(RgbPixels pixels, List<Placed> panels) {
    /** About how many pixels the longer side of a panel has. */
    private static final int PANEL = 448;
    /** Room that titles and numbers have where a panel is narrower. */
    private static final int NARROWEST = 336;
    private static final int MARGIN = 20;
    private static final int GAP = 28;
    private static final int BAR = 14;
    private static final int TICK = 5;
    private static final int MOST_TITLE_LINES = 3;

    /**
     * Where a panel lies.
     *
     * @param row of the figure, from 0
     * @param view what it shows
     * @param left of its first pixel on the sheet
     * @param top of its first pixel on the sheet
     * @param factor side of the block that a pixel of the model is drawn as
     * @param scale magnitude of the attribution in the strongest colour; 0 where there is nothing to draw
     */
    public record Placed(int row, View view, int left, int top, int factor, double scale) {}

    /** A line of words above or below panels. */
    private record Line(String text, int colour) {}

    /**
     * The picture of these figures, at least one.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Picture of(List<ImageFigure> figures, PictureOptions options) {
        if (figures.isEmpty()) {
            throw new IllegalArgumentException("a picture needs a figure");
        }
        return new Composition(Panel.of(figures, options), options).picture();
    }

    /** As a PNG file. */
    public byte[] png() {
        return pixels.png();
    }

    /** The sheet, measured first, then filled from the top. */
    private static final class Composition {
        private final List<Panel> rows;
        private final PictureOptions options;
        private final List<Placed> placed = new ArrayList<>();
        private final int cell;
        private final int width;
        private final List<Line> notes;
        private final Sheet sheet;

        Composition(List<Panel> rows, PictureOptions options) {
            this.rows = rows;
            this.options = options;
            cell = rows.stream().mapToInt(row -> factor(row) * row.pixels().width()).reduce(NARROWEST, Math::max);
            width = 2 * MARGIN + (options.sideBySide() ? 2 * cell + GAP : cell);
            notes = Stream.concat(rows.stream().flatMap(row -> row.figure().coarseness().stream()).distinct(),
                    options.signNote().stream()).flatMap(note -> lines(note, width - 2 * MARGIN, Sheet.SOFT)).toList();
            int height = rows.stream().mapToInt(row -> rowHeight(row) + GAP).sum() - GAP + 2 * MARGIN;
            sheet = new Sheet(width, height + (notes.isEmpty() ? 0 : GAP - 8 + notes.size() * Sheet.LINE));
        }

        Picture picture() {
            int top = MARGIN;
            for (int r = 0; r < rows.size(); r++) {
                draw(r, top);
                top += rowHeight(rows.get(r)) + GAP;
            }
            top -= 8;
            for (Line note : notes) {
                sheet.write(note.text(), MARGIN, top, note.colour());
                top += Sheet.LINE;
            }
            return new Picture(sheet.pixels(), List.copyOf(placed));
        }

        private static int factor(Panel row) {
            int side = Math.max(row.pixels().width(), row.pixels().height());
            return Math.max(1, Math.round(PANEL / (float) side));
        }

        private int rowHeight(Panel row) {
            int bar = options.view().hasColours() ? BAR + TICK + BAR + Sheet.LINE : 0;
            return titleHeight(row) + factor(row) * row.pixels().height() + bar;
        }

        private int titleHeight(Panel row) {
            int lines = Math.max(title(row).size(), options.sideBySide() ? originalTitle(row).size() : 0);
            return lines * Sheet.LINE + 4;
        }

        private void draw(int r, int top) {
            Panel row = rows.get(r);
            int panelTop = top + titleHeight(row);
            int left = MARGIN + (cell - factor(row) * row.pixels().width()) / 2;
            if (options.sideBySide()) {
                put(row.figure().image(), new Placed(r, View.ORIGINAL, left, panelTop, factor(row), 0));
                writeTitle(originalTitle(row), MARGIN, panelTop);
                left += cell + GAP;
            }
            put(row.pixels(), new Placed(r, options.view(), left, panelTop, factor(row), row.scale()));
            int cellLeft = options.sideBySide() ? MARGIN + cell + GAP : MARGIN;
            writeTitle(title(row), cellLeft, panelTop);
            if (options.view().hasColours()) {
                drawBar(new ColourBar(options, row.scale()), cellLeft,
                        panelTop + factor(row) * row.pixels().height() + BAR);
            }
        }

        private void put(RgbPixels pixels, Placed place) {
            RgbPixels panel = pixels.enlarged(place.factor());
            sheet.frame(place.left(), place.top(), panel.width(), panel.height(), 0xc8c8cc);
            sheet.put(panel, place.left(), place.top());
            placed.add(place);
        }

        /** Ends just above the panel. */
        private void writeTitle(List<Line> title, int left, int panelTop) {
            int top = panelTop - 4 - title.size() * Sheet.LINE;
            for (Line line : title) {
                sheet.writeCentred(line.text(), left + cell / 2, top, line.colour());
                top += Sheet.LINE;
            }
        }

        private List<Line> originalTitle(Panel row) {
            return options.convention() == Convention.TRANSFORMERS_INTERPRET
                    ? lines(View.ORIGINAL.transformersInterpretTitle("", true), cell, Sheet.INK).toList()
                    : Stream.concat(lines(View.ORIGINAL.title(), cell, Sheet.INK),
                            lines(row.figure().name(), cell, Sheet.SOFT)).toList();
        }

        private List<Line> title(Panel row) {
            ImageFigure figure = row.figure();
            if (options.convention() == Convention.TRANSFORMERS_INTERPRET) {
                String title = options.view().transformersInterpretTitle(figure.predicted(), options.sideBySide());
                return lines(title, cell, Sheet.INK).toList();
            }
            String label = figure.explained().label();
            String shown = options.view().title() + ", " + figure.explained().method()
                    + (label.equals(figure.predicted()) ? "" : "; predicted " + figure.predicted());
            String name = rows.size() > 1 && !options.sideBySide() ? figure.name() : "";
            return Stream.of(lines(label, cell, Sheet.INK), lines(shown, cell, Sheet.SOFT),
                    lines(name, cell, Sheet.SOFT)).flatMap(part -> part).toList();
        }

        private static Stream<Line> lines(String text, int pixels, int colour) {
            return PixelFont.lines(text, pixels / Sheet.DOT, MOST_TITLE_LINES).stream().map(l -> new Line(l, colour));
        }

        private void drawBar(ColourBar bar, int left, int top) {
            RgbPixels colours = bar.pixels(cell);
            sheet.frame(left, top, cell, BAR, 0xc8c8cc);
            for (int y = 0; y < BAR; y++) {
                sheet.put(colours, left, top + y);
            }
            int ticks = top + BAR + 1;
            int words = ticks + TICK + 4;
            sheet.fill(left, ticks, 1, TICK, Sheet.INK);
            sheet.fill(left + cell - 1, ticks, 1, TICK, Sheet.INK);
            sheet.write(bar.left(), left, words, Sheet.INK);
            sheet.write(bar.right(), left + cell - Sheet.textWidth(bar.right()), words, Sheet.INK);
            if (!bar.middle().isEmpty()) {
                sheet.fill(left + cell / 2, ticks, 1, TICK, Sheet.INK);
                sheet.writeCentred(bar.middle(), left + cell / 2, words, Sheet.INK);
            }
        }
    }
}
