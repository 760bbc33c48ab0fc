using Emu.Media.Pictures;
using Emu.Media.Resizing;

namespace Emu.Media.Sheets;

/// <summary>A small still that stands for a video.</summary>
public static class Thumbnail
{
    /// <summary>Makes a frame small; its shape and transparency are kept, and it is never enlarged.</summary>
    /// <param name="frame">The frame, usually the first: the keyframe.</param>
    /// <param name="maximumSide">The longer side at most, in pixels; 320 by default.</param>
    public static Picture Of(Picture frame, int maximumSide = 320) => frame.Within(maximumSide, maximumSide);
}
