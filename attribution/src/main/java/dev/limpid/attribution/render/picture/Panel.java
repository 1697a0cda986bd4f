package dev.limpid.attribution.render.picture;

import java.util.List;
import java.util.stream.IntStream;

/**
 * One figure as its options draw it, at the resolution the model saw.
 *
 * @param figure what is drawn
 * @param scale the magnitude drawn in the strongest colour, in the unit of the attributions; 0 where there is nothing to draw
 * @param pixels (H,W)
 */
record Panel(ImageFigure figure, double scale, RgbPixels pixels) {
    /** The panels of all figures, each with its own scale or all with the same. */
    static List<Panel> of(List<ImageFigure> figures, PictureOptions options) {
        Sign sign = options.shownSign();
        List<AttributionMap> maps = figures.stream().map(figure -> map(figure, options.unit())).toList();
        double shared = options.sharedScale() ? ScaledMap.sharedScale(maps, sign, options.outlier()) : 0;
        return IntStream.range(0, maps.size()).mapToObj(i -> {
            ScaledMap scaled = options.sharedScale()
                    ? ScaledMap.withScale(maps.get(i), sign, shared)
                    : ScaledMap.of(maps.get(i), sign, options.outlier());
            return of(figures.get(i), scaled, options);
        }).toList();
    }

    private static AttributionMap map(ImageFigure figure, Unit unit) {
        return unit == Unit.PATCHES ? figure.map().patches(figure.patch()) : figure.map();
    }

    private static Panel of(ImageFigure figure, ScaledMap scaled, PictureOptions options) {
        RgbPixels image = figure.image();
        ScaledMap map = options.unit() == Unit.PATCHES
                ? scaled.asPixels(figure.patch(), image.height(), image.width())
                : scaled;
        return new Panel(figure, scaled.scale(),
                options.view().pixels(image, map, options.palette().colours(map.sign()), options.opacity()));
    }
}
