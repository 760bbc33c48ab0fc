namespace Emu.Media.Warping;

/// <summary>Where the pixels of a warped picture come from.</summary>
public interface IWarpMap
{
    /// <summary>The source point of an output point, both in pixels; the centre of the first pixel is (.5, .5).</summary>
    void Map(float x, float y, out float sourceX, out float sourceY);
}

/// <summary>What lies beyond a picture's border.</summary>
public enum WarpBorder
{
    /// <summary>Nothing: transparent.</summary>
    Transparent,

    /// <summary>The picture mirrored at its border.</summary>
    Mirrored,
}
