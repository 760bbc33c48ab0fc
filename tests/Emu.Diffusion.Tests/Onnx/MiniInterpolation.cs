namespace Emu.Diffusion.Tests.Onnx;

/// <summary>A small package in Emu Video's shape: one graph in closed form makes keyframe, clip (16 frames) and interpolation (37 frames to 65 ticks).</summary>
internal static class MiniInterpolation
{
    public const int Frames = 16;
    public const int Ticks = 65;

    public static MiniDenoiser Denoiser { get; } = new() { InputChannels = 9, Axes = "BCFHW" };

    public static MiniPackage Create(string interpolation = "", bool loops = false) => new("EmuPipeline", Denoiser, EmuJson(interpolation, loops));

    /// <param name="interpolation">Further fields of the interpolation network, with a comma before each.</param>
    /// <param name="loops">Whether clips loop: then there are 64 ticks.</param>
    /// <param name="layout">The interpolation network's layout.</param>
    public static string EmuJson(string interpolation = "", bool loops = false, string layout = """["noise", "image", "mask"]""") => $$$"""
        {"name": "mini", "frames": {{{Frames}}}, "ticks": {{{(loops ? Ticks - 1 : Ticks)}}}, "loops": {{{(loops ? "true" : "false")}}}, "native_size": 32, "latent_channels": 4,
         "image": {"graph": "unet", "layout": ["noise", "image", "mask"], "axes": "BCFHW", "guidance": {"text": true, "image": true}, "default_steps": 3},
         "video": {"graph": "unet", "layout": ["noise", "image", "mask"], "axes": "BCFHW", "guidance": {"text": true, "image": true}, "default_steps": 3},
         "interpolation": {"graph": "unet", "layout": {{{layout}}}, "axes": "BCFHW", "guidance": {"text": true, "image": true}, "default_steps": 3,
                           "default_guidance": 2, "default_image_guidance": 1.5{{{interpolation}}}}}
        """;
}
