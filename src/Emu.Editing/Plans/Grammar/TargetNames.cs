namespace Emu.Editing.Plans.Grammar;

/// <summary>The fixed wordings that <see cref="Targets"/> reads names with.</summary>
internal static class TargetNames
{
    public static PatternPart People { get; } = Phrases.Part("her|him|me|us|he|she|they|them|himself|herself");
    public static PatternPart ItWords { get; } = Phrases.Part("it|this|that|these|those|this one|that one");
    public static PatternPart All { get; } = Phrases.Part("everything|all|it all|all of it|the lot|the whole lot|the whole thing");
    public static PatternPart PictureNouns { get; } = Phrases.Part(Vocabulary.Pictures);
    public static PatternPart Backdrops { get; } = Phrases.Part(Vocabulary.Backdrops);
    public static PatternPart Scenery { get; } = Phrases.Part(Vocabulary.Scenery);
    public static PatternPart Marked { get; } = Phrases.Part(Vocabulary.Marked);
    public static PatternPart MarkedNouns { get; } = Phrases.Part("area|areas|region|part|parts|spot|bit|section|zone|place|thing|pixels|stuff|object|portion|patch");
    public static PatternPart MarkedWhole { get; } = Phrases.Part(
        "the mask|my mask|the selection|my selection|what i painted|what i marked|what i selected|what i masked|what i brushed|what is painted|what is marked|where i painted|where i marked|inside the mask|the area i painted|"
        + "the area i marked|the part i painted|the part i marked|what i painted over|the stuff i painted|the stuff i marked");
    public static IReadOnlyList<(PatternPart Part, TargetKind Kind)> WholeNames { get; } = [(People, TargetKind.Subject), (ItWords, TargetKind.It), (All, TargetKind.Picture), (MarkedWhole, TargetKind.Mask)];
    public static IReadOnlyList<(PatternPart Part, TargetKind Kind)> ListedNouns { get; } = [(Backdrops, TargetKind.Ground), (Scenery, TargetKind.Scenery), (PictureNouns, TargetKind.Picture)];
    public static PatternPart WholeTail { get; } = Phrases.Part("in the picture|in the photo|in the image|behind her|behind him|behind it|behind them|of the picture|of the photo|of the image");
    public static PatternPart ByUser { get; } = Phrases.Part("i painted|i marked|i selected|i masked|i brushed|i drew over|i painted over|i circled|i highlighted|that i painted|that i marked|that i selected|under the mask|in the mask|inside the mask|under my brush");
    public static PatternPart Behind { get; } = Phrases.Part(
        "what is behind|what 's behind|whats behind|what lies behind|what you see behind|everything behind|all behind|stuff behind|the stuff behind|all the stuff behind|the area behind|the wall behind|the space behind|"
        + "the scene behind|whatever is behind|whatever 's behind|everything around|the area around|all around|the background behind|the background around|the background of");
    public static PatternPart Except { get; } = Phrases.Part("except|except for|but|apart from|other than|besides|aside from|save for|excluding|that is not|that isn't");
    public static PatternPart Front { get; } = Phrases.Part("in front|in the front|in the foreground|up front|at the front|in the center|in the center of the picture");
    public static PatternPart Tail { get; } = Phrases.Part(
        "on the left|on the right|on the far left|on the far right|to the left|to the right|at the left|at the right|on the left side|on the right side|on the left hand side|on the right hand side|in the back|in the background|"
        + "at the back|in the picture|in the photo|in the image|in this picture|in this photo|in this image|in the shot|here|there|over there|of the picture|in the corner|at the top|at the bottom|behind her|behind him|next to her|next to him");
}
