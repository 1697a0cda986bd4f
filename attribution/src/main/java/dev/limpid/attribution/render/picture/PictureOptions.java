package dev.limpid.attribution.render.picture;

import dev.limpid.attribution.explain.Convention;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a picture shows, and what a page shows when it is opened.
 *
 * @param view how attributions are drawn
 * @param sign which attributions; {@link #shownSign} is what the view makes of it
 * @param outlier share of the total attribution that is drawn in the strongest colour, from 0 to 1
 * @param unit pixels or patches
 * @param palette the colours
 * @param opacity of the heat map in {@link View#OVERLAY}, from 0 to 1
 * @param sideBySide whether the original stands to the left
 * @param sharedScale whether all images have the same scale, so that their colours compare
 * @param convention whose titles and numbers at the colour bar: attributions, or with transformers-interpret −1 to 1
 */
public record PictureOptions(View view, Sign sign, double outlier, Unit unit, Palette palette, double opacity,
        boolean sideBySide, boolean sharedScale, Convention convention) {
    /** A heat map of all pixels with transformers-interpret's outlier threshold. */
    public static final PictureOptions DEFAULT = new PictureOptions(View.HEATMAP, Sign.ALL, 0.1, Unit.PIXELS,
            Palette.CAPTUM, 0.5, false, false, Convention.DEFAULT);

    /** @throws IllegalArgumentException if {@code outlier} or {@code opacity} is not from 0 to 1 */
    public PictureOptions {
        if (!(outlier >= 0 && outlier <= 1)) {
            throw new IllegalArgumentException("the outlier threshold is a share from 0 to 1, not " + outlier);
        }
        if (!(opacity >= 0 && opacity <= 1)) {
            throw new IllegalArgumentException("the opacity is a number from 0 to 1, not " + opacity);
        }
    }

    /** The sign the view shows. */
    public Sign shownSign() {
        return view.shown(sign);
    }

    /** A sentence for whoever asked for a sign that the view cannot show. */
    public Optional<String> signNote() {
        return shownSign() == sign
                ? Optional.empty()
                : Optional.of("The view " + view.id() + " cannot tell signs apart; it shows the " + shownSign().id()
                        + " attributions.");
    }

    /** The components, while one of them changes. */
    private static final class Draft {
        View view;
        Sign sign;
        double outlier;
        Unit unit;
        Palette palette;
        double opacity;
        boolean sideBySide;
        boolean sharedScale;
        Convention convention;
    }

    private PictureOptions with(Consumer<Draft> change) {
        Draft d = new Draft();
        d.view = view;
        d.sign = sign;
        d.outlier = outlier;
        d.unit = unit;
        d.palette = palette;
        d.opacity = opacity;
        d.sideBySide = sideBySide;
        d.sharedScale = sharedScale;
        d.convention = convention;
        change.accept(d);
        return new PictureOptions(d.view, d.sign, d.outlier, d.unit, d.palette, d.opacity, d.sideBySide, d.sharedScale,
                d.convention);
    }

    public PictureOptions withView(View value) {
        return with(d -> d.view = value);
    }

    public PictureOptions withSign(Sign value) {
        return with(d -> d.sign = value);
    }

    public PictureOptions withOutlier(double value) {
        return with(d -> d.outlier = value);
    }

    public PictureOptions withUnit(Unit value) {
        return with(d -> d.unit = value);
    }

    public PictureOptions withPalette(Palette value) {
        return with(d -> d.palette = value);
    }

    public PictureOptions withOpacity(double value) {
        return with(d -> d.opacity = value);
    }

    public PictureOptions withSideBySide(boolean value) {
        return with(d -> d.sideBySide = value);
    }

    public PictureOptions withSharedScale(boolean value) {
        return with(d -> d.sharedScale = value);
    }

    public PictureOptions withConvention(Convention value) {
        return with(d -> d.convention = value);
    }
}
