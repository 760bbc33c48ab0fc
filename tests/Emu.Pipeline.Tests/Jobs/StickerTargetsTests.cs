using System.Globalization;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Models;

namespace Emu.Pipeline.Tests.Jobs;

public sealed class StickerTargetsTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_790_000_000_000);

    private static readonly ModelCapabilities Model = TestModels.Sticker with { VideoFormats = ["mp4", "gif", "webp", "apng", "webm"], ImageFormats = ["png", "jpeg", "webp"] };

    public static TheoryData<string> Names => [.. StickerTargets.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Resolve_Target_SaysFormatSizeAndTransparency(string name)
    {
        foreach (var kind in new[] { JobKind.Video, JobKind.Image })
        {
            var limits = StickerTargets.Find(name)!.Of(kind);

            var request = Resolve(new JobDraft { Kind = kind, Prompt = "a duck", Target = name });

            Assert.Equal([limits.Formats[0]], request.Formats);
            Assert.Equal(new FrameSize(limits.Side, limits.Side), request.Size);
            Assert.True(request.Transparent);
            Assert.Equal(name, request.Target);
            // A remix and a retry make the same request again.
            Assert.Equal(request.Size, Resolve(JobDraft.From(request)).Size);
        }
    }

    [Theory]
    [InlineData("line", null, null, null, "target", "The targets are telegram, whatsapp, signal, discord, discord-emoji, slack and imessage, not 'line'.")]
    [InlineData("telegram", "gif", null, null, "formats", "The target 'telegram' takes webm for video jobs, not 'gif'.")]
    [InlineData("whatsapp", null, 128, null, "size", "The target 'whatsapp' says the size: 512x512. Leave the size out.")]
    [InlineData(null, null, null, 999L, "max_bytes", "The limit of bytes must be a whole number from 1000 to 1099511627776.")]
    public void Resolve_WhatATargetDoesNotTake_NamesTheField(string? target, string? format, int? side, long? bytes, string parameter, string message)
    {
        var draft = TestModels.Video() with
        {
            Target = target,
            Formats = format is null ? [] : [format],
            Size = side is { } pixels ? new FrameSize(pixels, pixels) : null,
            MaximumBytes = bytes,
        };

        var refused = Assert.Throws<InvalidJobException>(() => Resolve(draft));

        Assert.Equal((parameter, message), (refused.Parameter, refused.Message));
    }

    [Fact]
    public void Resolve_ModelWithoutTheTargetsFormat_IsRefused()
    {
        var refused = Assert.Throws<InvalidJobException>(() => JobRequestChecks.Resolve(TestModels.Video() with { Target = "telegram" }, Model with { VideoFormats = ["mp4"] }, null, Now));

        Assert.Equal("formats", refused.Parameter);
    }

    [Fact]
    public void All_HasTheRowsOfTheDocument()
    {
        var rows = File.ReadLines(FindDocument()).Where(line => line.StartsWith("| `", StringComparison.Ordinal));

        Assert.Equal(StickerTargets.All.Select(target => $"| `{target.Name}` | {target.Title} | {Describe(target.Video)} | {Describe(target.Image)} | [page]({target.Source}) |"), rows);
    }

    private static JobRequest Resolve(JobDraft draft) => JobRequestChecks.Resolve(draft, Model, null, Now);

    private static string Describe(StickerLimits limits)
    {
        var formats = limits.Formats.Count == 1 ? limits.Formats[0] : $"{string.Join(", ", limits.Formats.SkipLast(1))} or {limits.Formats[^1]}";
        string?[] parts =
        [
            limits.AcceptsPalette ? formats : formats + " without a palette",
            (limits.MinimumSide < limits.Side ? $"{limits.MinimumSide}×{limits.MinimumSide} to " : "") + $"{limits.Side}×{limits.Side}",
            $"{limits.MaximumBytes / 1000} KB",
            Number(limits.MaximumSeconds, "s"),
            Number(limits.MaximumFrameRate, "frames a second"),
            Number(limits.MaximumFrames, "frames"),
        ];
        return string.Join("; ", parts.OfType<string>());
    }

    private static string? Number(double? value, string unit) => value is { } number ? string.Create(CultureInfo.InvariantCulture, $"{number} {unit}") : null;

    private static string FindDocument()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "EmuFunctions.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new FileNotFoundException("EmuFunctions.sln");
        }

        return Path.Combine(folder, "docs", "stickers.md");
    }
}
