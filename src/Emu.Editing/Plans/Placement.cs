namespace Emu.Editing.Plans;

/// <summary>Where something comes: in the picture, or by its subject.</summary>
public enum Placement
{
    /// <summary>Where there is room: the operation's own choice.</summary>
    Auto,

    /// <summary>In the middle.</summary>
    Center,

    /// <summary>At the top edge.</summary>
    Top,

    /// <summary>At the bottom edge.</summary>
    Bottom,

    /// <summary>At the left edge.</summary>
    Left,

    /// <summary>At the right edge.</summary>
    Right,

    /// <summary>In the top left corner.</summary>
    TopLeft,

    /// <summary>In the top right corner.</summary>
    TopRight,

    /// <summary>In the bottom left corner.</summary>
    BottomLeft,

    /// <summary>In the bottom right corner.</summary>
    BottomRight,

    /// <summary>On the subject.</summary>
    OnSubject,

    /// <summary>On the top of the subject: a hat on a head.</summary>
    OnTopOfSubject,

    /// <summary>Above the subject.</summary>
    AboveSubject,

    /// <summary>Below the subject.</summary>
    BelowSubject,

    /// <summary>Left of the subject.</summary>
    LeftOfSubject,

    /// <summary>Right of the subject.</summary>
    RightOfSubject,

    /// <summary>Beside the subject, where there is more room.</summary>
    BesideSubject,
}

/// <summary>Manners of drawing, each made by a classical filter.</summary>
public enum DrawingStyle
{
    /// <summary>Pencil strokes along edges.</summary>
    Sketch,

    /// <summary>Brush strokes (Kuwahara filter).</summary>
    Oil,

    /// <summary>Large square pixels of few colours.</summary>
    PixelArt,

    /// <summary>Flat colours with dark outlines and dots.</summary>
    Comic,

    /// <summary>Soft colours that run, on paper.</summary>
    Watercolor,
}
